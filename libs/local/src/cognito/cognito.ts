import { randomUUID } from 'node:crypto';
import type { PlainRoute } from '../endpoint/plain-routes.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Engine } from '../kernel/engine.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { openState } from '../kernel/state.ts';
import { openSigningKey } from './key.ts';
import { cognitoOperations } from './operations.ts';
import { createPools, poolResourceTypes } from './pools.ts';
import { cognitoRoutes } from './routes.ts';
import { createTokens, type TokenSet } from './tokens.ts';
import { createUsers } from './users.ts';

/** Signs people in on the laptop, and lets the gateway check what it signed. */
export interface TokenIssuer {
  /**
   * Tokens for a person, as Cognito gives them after a sign-in: no password is asked.
   *
   * @param poolId the only pool when absent; of several, the first.
   * @throws {AwsError} `ResourceNotFoundException` when no stack declares a user pool with a client.
   */
  mint(email: string, options?: { poolId?: string; clientId?: string }): Promise<TokenSet>;
  /** Public keys of a pool by its address here or on AWS, and the `iss` of its tokens; undefined for the issuers of others. */
  keysOf(issuerUrl: string): { readonly issuer: string; readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
}

/** Cognito user pools, as far as a service that trusts their tokens can tell. Everybody may sign in, as whoever they say they are. */
export async function createCognito(kernel: Kernel): Promise<Engine & { issuer: TokenIssuer; routes: readonly PlainRoute[] }> {
  const key = openSigningKey(kernel.stateDirectory);
  const state = openState(kernel.stateDirectory, 'cognito');
  const users = createUsers(state);
  const pools = createPools(kernel);
  const tokens = createTokens(kernel, key, pools, users);

  const issuer: TokenIssuer = {
    async mint(email, options = {}) {
      const client = options.clientId === undefined ? pools.defaultClient(options.poolId) : pools.client(options.clientId);
      if (!client) {
        const message =
          'No stack declares an AWS::Cognito::UserPool with an AWS::Cognito::UserPoolClient, so there is nobody to issue tokens.';
        throw new AwsError('ResourceNotFoundException', message, 404);
      }
      return tokens.issue(client, users.signIn(email), randomUUID());
    },
    keysOf: (issuerUrl) => {
      const pool = pools.byIssuer(issuerUrl);
      return pool && { issuer: pools.issuerOf(pool.id), keys: [key.publicJwk] };
    },
  };

  const service = jsonService(
    { signingName: 'cognito-idp', targetPrefix: 'AWSCognitoIdentityProviderService', jsonVersion: '1.1' },
    cognitoOperations(pools, users, tokens),
  );
  return {
    issuer,
    routes: cognitoRoutes(pools, key.publicJwk, issuer),
    services: [service],
    resourceTypes: poolResourceTypes(kernel, pools),
    close: async () => state.close(),
  };
}
