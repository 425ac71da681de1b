import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/**
 * The RS256 key of all pools, made when there is none: a token stays good over a restart.
 *
 * @param directory where it is kept, readable by its owner only; undefined keeps it in memory.
 */
export function openSigningKey(directory: string | undefined): SigningKey {
  const privateKey = directory === undefined ? generate() : (read(fileIn(directory)) ?? create(directory));
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: 'jwk' });
  const id = createHash('sha256').update(String(jwk.n)).digest('base64url').slice(0, 22);
  return { id, privateKey, publicKey, publicJwk: { kty: jwk.kty, n: jwk.n, e: jwk.e, kid: id, alg: 'RS256', use: 'sig' } };
}

function generate(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function fileIn(directory: string): string {
  return join(directory, 'cognito-key.pem');
}

function read(file: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(file));
  } catch {
    // No key, or none that can be read: tokens signed with it would not be known anyway.
    return undefined;
  }
}

function create(directory: string): KeyObject {
  const key = generate();
  mkdirSync(directory, { recursive: true });
  writeFileSync(fileIn(directory), key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return key;
}
