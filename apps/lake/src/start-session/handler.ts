import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { lazily, settings } from '@larder/service/aws/call';
import { ssm } from '@larder/service/aws/ssm';
import { variable } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { startSession } from './start-session.ts';

const cognito = /* @__PURE__ */ lazily(() => new CognitoIdentityProviderClient(settings()));
const client = /* @__PURE__ */ lazily(async () => {
  const { Parameter } = await ssm.getParameter({ Name: variable('PLATFORM_TOKEN_AUDIENCE_PARAMETER') });
  return String(Parameter?.Value);
});

const start = startSession({
  now: () => new Date(),
  authenticate: async (USERNAME, PASSWORD) => {
    const command = { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD }, ClientId: await client() } as const;
    return (await cognito().send(new InitiateAuthCommand(command))).AuthenticationResult;
  },
});

export const handler = onRequest(lakeApi, 'startSession', async ({ body: { email, password } }) => {
  const session = await start(email, password);
  if (!session) throw apiError(lakeApi.routes.startSession, 'NOT_SIGNED_IN');
  return session;
});
