import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';
import { validationError } from './dynalite.ts';
import type { Place } from './table.ts';

/** The client request tokens of transactions that succeeded in the last ten minutes. */
export interface Tokens {
  /**
   * Whether a transaction with this token and this content succeeded already; if not, the token is taken, which a rollback undoes.
   * @throws {AwsError} `IdempotentParameterMismatchException` for the same token with other content.
   */
  repeats(input: Record<string, unknown>): boolean;
  /** Drops tokens whose ten minutes are over. */
  trim(): void;
}

const lifeMs = 10 * 60 * 1000;

export function createTokens({ sql }: Database, place: Place): Tokens {
  const find = sql.prepare('SELECT fingerprint FROM tokens WHERE token = ? AND expires > ?');
  const take = sql.prepare('INSERT OR REPLACE INTO tokens (token, fingerprint, expires) VALUES (?, ?, ?)');
  const drop = sql.prepare('DELETE FROM tokens WHERE expires <= ?');
  return {
    repeats(input) {
      const token = input['ClientRequestToken'];
      if (typeof token !== 'string') return false;
      if (token.length < 1 || token.length > 36) throw validationError('ClientRequestToken has 1 to 36 characters');
      const fingerprint = createHash('sha256').update(canonical(input['TransactItems'])).digest('base64');
      const known = find.get(token, place.now());
      if (!known) take.run(token, fingerprint, place.now() + lifeMs);
      else if (known['fingerprint'] !== fingerprint) {
        throw new AwsError(
          'IdempotentParameterMismatchException',
          'The parameters differ from those of the request that used this token first',
        );
      }
      return known !== undefined;
    },
    trim: () => void drop.run(place.now()),
  };
}

/** JSON with sorted members, so that the same content is the same text. */
function canonical(value: unknown): string {
  if (!value || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = value as Record<string, unknown>;
  return `{${Object.keys(members)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`)
    .join()}}`;
}
