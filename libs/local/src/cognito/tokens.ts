import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { SigningKey } from './key.ts';
import type { Client, Pools } from './pools.ts';
import type { User, Users } from './users.ts';

export interface TokenSet {
  /** The ID token: what a route with a JWT authorizer takes, and what carries the e-mail address. */
  readonly token: string;
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface Tokens {
  issue(client: Client, user: User, originId: string): Promise<TokenSet>;
  /** @throws {AwsError} `NotAuthorizedException` */
  userOf(token: string, use: 'access' | 'refresh'): Promise<User>;
}

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export function createTokens(kernel: Kernel, key: SigningKey, pools: Pools, users: Users): Tokens {
  const sign = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.id }).sign(key.privateKey);

  return {
    async issue(client, { sub, email }, originId) {
      const now = Math.floor(kernel.now() / 1000);
      const common = { sub, iss: pools.issuerOf(client.poolId), origin_jti: originId, event_id: randomUUID(), auth_time: now, iat: now };
      const [idToken, accessToken, refreshToken] = await Promise.all([
        sign({
          ...common,
          'cognito:username': sub,
          aud: client.id,
          token_use: 'id',
          email,
          email_verified: true,
          exp: now + client.idTokenSeconds,
          jti: randomUUID(),
        }),
        sign({
          ...common,
          client_id: client.id,
          token_use: 'access',
          scope: 'aws.cognito.signin.user.admin',
          username: sub,
          exp: now + client.accessTokenSeconds,
          jti: randomUUID(),
        }),
        // Cognito's is opaque; no audience, so that no authorizer takes it for a token of the person.
        sign({ sub, iss: common.iss, token_use: 'refresh', iat: now, exp: now + 30 * 86_400, jti: originId }),
      ]);
      return { token: idToken, idToken, accessToken, refreshToken, expiresIn: Math.min(client.idTokenSeconds, client.accessTokenSeconds) };
    },

    async userOf(token, use) {
      const refused = (message: string): AwsError => new AwsError('NotAuthorizedException', message);
      const verified = await jwtVerify(token, key.publicKey, { algorithms: ['RS256'], currentDate: new Date(kernel.now()) }).catch(
        () => undefined,
      );
      if (verified?.payload['token_use'] !== use) throw refused(use === 'access' ? 'Invalid Access Token' : 'Invalid Refresh Token');
      const user = users.bySub(verified.payload.sub ?? '');
      if (!user) throw refused('The user does not exist.');
      return user;
    },
  };
}
