import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { createEndpoint } from '../endpoint/endpoint.ts';
import { createIam } from '../iam/iam.ts';
import { testKernel } from '../testing/kernel.ts';
import { createCognito } from './cognito.ts';

const directory = mkdtempSync(join(tmpdir(), 'larder-cognito-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function start(flows?: string[]) {
  const kernel = testKernel({ stateDirectory: directory, now: Date.now });
  const cognito = await createCognito(kernel);
  const make = (type: string, logicalId: string, properties: Record<string, unknown>) =>
    cognito.resourceTypes
      .find((one) => one.type === type)!
      .apply({ logicalId, properties, stackName: 'platform-local', service: 'platform', packageDirectory: '' });
  const pool = await make('AWS::Cognito::UserPool', 'Pool', {});
  const client = await make('AWS::Cognito::UserPoolClient', 'Client', {
    UserPoolId: pool.physicalId,
    ...(flows ? { ExplicitAuthFlows: flows } : {}),
  });
  const { iam } = await createIam(kernel);
  const endpoint = createEndpoint(kernel, { services: cognito.services, iam, routes: cognito.routes, crash: () => {} });
  const url = `http://127.0.0.1:${await endpoint.listen(0)}`;
  const sdk = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  const close = async (): Promise<void> => {
    await endpoint.close();
    await cognito.close();
  };
  return { cognito, pool, clientId: client.physicalId, url, sdk, close };
}

let running: Awaited<ReturnType<typeof start>>;
afterEach(() => running.close());

it('gives a token to whoever asks with curl, signed with the keys of the pool', async () => {
  running = await start();
  const { url, pool, clientId } = running;
  expect(pool.attributes['ProviderURL']).toBe(`http://localhost:4566/${pool.physicalId}`);
  const jwks = (await (await fetch(`${url}/${pool.physicalId}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
  const asked = await fetch(`${url}/_local/token`, { method: 'POST', body: JSON.stringify({ email: 'Ada@Example.com' }) });
  const { token, expiresIn } = (await asked.json()) as { token: string; expiresIn: number };
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: String(pool.attributes['ProviderURL']),
    audience: clientId,
  });
  expect(payload).toMatchObject({
    email: 'ada@example.com',
    token_use: 'id',
    sub: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/),
  });
  expect(expiresIn).toBe(3600);
  expect((await fetch(`${url}/_local/token?email=ada@example.com`, { method: 'POST' })).status).toBe(200);
  for (const body of ['', '{}', 'null', '{"email":1}', '{"email":"nobody"}'])
    expect((await fetch(`${url}/_local/token`, { method: 'POST', body })).status).toBe(400);
  const document = (await (await fetch(`${url}/${pool.physicalId}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
  expect(document).toMatchObject({ issuer: pool.attributes['ProviderURL'] });
  expect((await fetch(`${url}/us-east-1_other/.well-known/jwks.json`)).status).toBe(404);
});

it('keeps its key, its ids and its people over a restart, and the key to itself', async () => {
  running = await start();
  const first = await running.cognito.issuer.mint('ada@example.com');
  const { pool, clientId } = running;
  expect(statSync(join(directory, 'cognito-key.pem')).mode & 0o777).toBe(0o600);
  await running.close();
  running = await start();
  expect([running.pool.physicalId, running.clientId]).toEqual([pool.physicalId, clientId]);
  const keys = running.cognito.issuer.keysOf(String(pool.attributes['ProviderURL']));
  await jwtVerify(first.idToken, createLocalJWKSet(keys as unknown as JSONWebKeySet));
  const user = await running.sdk.send(new GetUserCommand({ AccessToken: first.accessToken }));
  expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: 'ada@example.com' });
  expect(decodeJwt((await running.cognito.issuer.mint('ada@example.com')).idToken).sub).toBe(decodeJwt(first.idToken).sub);
});

it('signs up, in, and on with a refresh token', async () => {
  running = await start();
  const { sdk, clientId: ClientId } = running;
  const { UserSub } = await sdk.send(new SignUpCommand({ ClientId, Username: 'eve@example.com', Password: 'Secret-123456' }));
  const signIn = await sdk.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'eve@example.com', PASSWORD: 'x' } }),
  );
  const { IdToken = '', RefreshToken = '', TokenType } = signIn.AuthenticationResult ?? {};
  expect([decodeJwt(IdToken).sub, TokenType]).toEqual([UserSub, 'Bearer']);
  const again = await sdk.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: RefreshToken } }),
  );
  expect(decodeJwt(again.AuthenticationResult?.IdToken ?? '').sub).toBe(UserSub);
  await expect(sdk.send(new GetUserCommand({ AccessToken: IdToken }))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
});

it('refuses an unknown client, and a flow that the client does not have', async () => {
  running = await start(['ALLOW_USER_SRP_AUTH']);
  const { sdk, clientId } = running;
  const auth = (ClientId: string): Promise<unknown> =>
    sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'a@b.c', PASSWORD: 'x' } }));
  await expect(auth('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(auth(clientId)).rejects.toMatchObject({ name: 'InvalidParameterException' });
});
