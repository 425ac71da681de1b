import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '../kernel/call.ts';

/** What stands for someone at the keyboard: with these, everything is allowed. Any key that is nobody's counts as theirs. */
export const ROOT_CREDENTIALS = { accessKeyId: 'root', secretAccessKey: 'root' } as const;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Keys of the functions that run, and whose they are. */
export interface CredentialBook {
  credentialsFor(role: { roleArn: string; functionName: string }): Credentials;
  callerOf(accessKeyId: string): Caller | undefined;
  secretOf(accessKeyId: string): { secretAccessKey: string; sessionToken: string } | undefined;
}

/** Keeps credentials in memory: each start of the cloud gives new ones. */
export function createCredentialBook(accountId: string): CredentialBook {
  const salt = randomBytes(16);
  const byRole = new Map<string, Credentials>();
  const byKey = new Map<string, { caller: Caller; credentials: Credentials }>();
  return {
    credentialsFor({ roleArn, functionName }) {
      const key = `${roleArn}\n${functionName}`;
      let credentials = byRole.get(key);
      if (!credentials) {
        credentials = {
          accessKeyId: `ASIA${base32(createHash('sha256').update(salt).update(key).digest(), 16)}`,
          secretAccessKey: randomBytes(30).toString('base64'),
          sessionToken: randomBytes(60).toString('base64'),
        };
        byRole.set(key, credentials);
        const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
        const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${functionName}`;
        byKey.set(credentials.accessKeyId, { caller: { kind: 'function', arn, roleArn, functionName }, credentials });
      }
      return credentials;
    },
    callerOf: (accessKeyId) => byKey.get(accessKeyId)?.caller,
    secretOf: (accessKeyId) => byKey.get(accessKeyId)?.credentials,
  };
}

/** A role's unique id, `AROA…`: the same at every start. */
export function roleIdOf(roleArn: string): string {
  return `AROA${base32(createHash('sha256').update(roleArn).digest(), 17)}`;
}

/** Letters and digits as AWS's identifiers have them. */
export function base32(bytes: Uint8Array, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte & 31]).join('');
}
