import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import { type Operation, read } from '../kernel/json-api.ts';
import type { Client, Pools } from './pools.ts';
import type { TokenSet, Tokens } from './tokens.ts';
import type { Users } from './users.ts';

/**
 * Signing up and in. Any address and any password will do: what is tested on a laptop is what comes after.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
export function cognitoOperations(pools: Pools, users: Users, tokens: Tokens): Record<string, Operation> {
  const clientOf = (input: Readonly<Record<string, unknown>>): Client => {
    const id = read.text(input, 'ClientId');
    const client = pools.client(id);
    if (!client) throw new AwsError('ResourceNotFoundException', `User pool client ${id.slice(0, 100)} does not exist.`);
    return client;
  };
  const none = (): [] => [];

  const authenticate = async (input: Readonly<Record<string, unknown>>): Promise<object> => {
    const client = clientOf(input);
    const flow = read.text(input, 'AuthFlow');
    const parameters = (input['AuthParameters'] ?? {}) as Readonly<Record<string, unknown>>;
    if (flow === 'REFRESH_TOKEN_AUTH' || flow === 'REFRESH_TOKEN') {
      const user = await tokens.userOf(read.text(parameters, 'REFRESH_TOKEN'), 'refresh');
      return result(await tokens.issue(client, user, randomUUID()), false);
    }
    const needed = FLOWS.get(flow);
    if (!needed)
      throw new AwsError(
        'InvalidParameterException',
        `The flow ${flow.slice(0, 50)} does not run here. These do: ${[...FLOWS.keys()].join(', ')}.`,
      );
    if (client.flows && !client.flows.some((allowed) => needed.includes(allowed))) {
      throw new AwsError('InvalidParameterException', `${flow} flow not enabled for this client`);
    }
    read.text(parameters, 'PASSWORD');
    return result(await tokens.issue(client, users.signIn(read.text(parameters, 'USERNAME')), randomUUID()), true);
  };

  return {
    SignUp: {
      permissions: none,
      run: (input) => {
        clientOf(input);
        read.text(input, 'Password');
        return { UserConfirmed: true, UserSub: users.signIn(read.text(input, 'Username')).sub };
      },
    },
    ConfirmSignUp: {
      permissions: none,
      run: (input) => {
        clientOf(input);
        return {};
      },
    },
    InitiateAuth: { permissions: none, run: authenticate },
    AdminInitiateAuth: {
      permissions: (input) => [{ action: 'cognito-idp:AdminInitiateAuth', resource: pools.get(String(input['UserPoolId']))?.arn ?? '*' }],
      run: authenticate,
    },
    GetUser: {
      permissions: none,
      run: async (input) => {
        const { sub, email } = await tokens.userOf(read.text(input, 'AccessToken'), 'access');
        const attributes = { sub, email, email_verified: 'true' };
        return { Username: sub, UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })) };
      },
    },
  };
}

/** Flows, and what of `ExplicitAuthFlows` admits them. */
const FLOWS = new Map([
  ['USER_PASSWORD_AUTH', ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH']],
  ['ADMIN_USER_PASSWORD_AUTH', ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']],
  ['ADMIN_NO_SRP_AUTH', ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']],
]);

function result(set: TokenSet, first: boolean): object {
  const { accessToken, idToken, refreshToken, expiresIn } = set;
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: accessToken,
      IdToken: idToken,
      ...(first ? { RefreshToken: refreshToken } : {}),
      ExpiresIn: expiresIn,
      TokenType: 'Bearer',
    },
  };
}
