import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { State } from '../kernel/state.ts';

export interface User {
  /** Cognito's id of a person: a UUID, the same for an e-mail address at every start. */
  readonly sub: string;
  readonly email: string;
}

export interface Users {
  /** @throws {AwsError} `InvalidParameterException` for what is no e-mail address. */
  signIn(email: string): User;
  bySub(sub: string): User | undefined;
}

export function createUsers(state: State): Users {
  const known = state.documents<User>('users');
  return {
    signIn(address) {
      const email = address.trim().toLowerCase();
      if (email.length > 254 || !/^[^\s@]+@[^\s@]+$/.test(email))
        throw new AwsError('InvalidParameterException', 'Username should be an email.');
      const sub = subOf(email);
      const user = known.get(sub) ?? { sub, email };
      if (!known.get(sub)) known.put(sub, user);
      return user;
    },
    bySub: (sub) => known.get(sub),
  };
}

/** A UUID out of a name (RFC 9562, version 5 in form), so that a person keeps their orders when the state is reset. */
function subOf(email: string): string {
  const bytes = createHash('sha256').update(`larder:${email}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
