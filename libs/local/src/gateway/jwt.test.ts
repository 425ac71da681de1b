import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { createJwtCheck } from './jwt.ts';

/** An OpenID Connect issuer elsewhere, with keys that it can change. */
let server: Server;
let issuer: string;
let requests: string[];
let down: boolean;
let published: JWK[];
let signingKey: CryptoKey;
let time: number;

beforeEach(async () => {
  requests = [];
  down = false;
  published = [];
  time = Date.now();
  server = createServer(({ url = '' }, response) => {
    requests.push(url);
    if (down) return void response.writeHead(503).end();
    const found = url === '/tenant/.well-known/openid-configuration' ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: published };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`;
  await newKey('first');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function newKey(kid: string): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  signingKey = privateKey;
  published = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }];
}

const tokenOf = (claims: Record<string, unknown> = {}, kid = 'first'): Promise<string> =>
  new SignJWT({ iss: issuer, aud: 'shop', sub: 'ada', exp: Math.floor(time / 1000) + 600, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(signingKey);
const start = () => createJwtCheck({ keysOf: () => undefined, mint: () => Promise.reject(new Error('no pool')) }, () => time);
const authorizer = () =>
  ({ kind: 'jwt', id: 'a', name: 'a', identitySource: '$request.header.authorization', issuer, audience: ['shop'] }) as const;

test('a token of an issuer elsewhere is checked with the keys that its discovery document names, fetched once', async () => {
  const check = start();
  expect(await check(authorizer(), await tokenOf())).toMatchObject({ sub: 'ada' });
  expect(await check(authorizer(), await tokenOf({ sub: 'bob' }))).toMatchObject({ sub: 'bob' });
  expect(requests).toEqual(['/tenant/.well-known/openid-configuration', '/tenant/keys']);
});

test('a token that another key has signed is refused', async () => {
  const check = start();
  const keys = published;
  await newKey('first');
  const forged = await tokenOf();
  published = keys;
  expect(await check(authorizer(), forged)).toEqual({ refused: expect.stringContaining('signature') });
});

test.each([
  ['another audience', { aud: 'other' }],
  ['another issuer', { iss: 'https://elsewhere.example' }],
  ['an end that has passed', { exp: 1 }],
  ['a beginning that is to come', { nbf: 9_999_999_999 }],
])('a token with %s is refused before anything is fetched', async (_what, claims) => {
  expect(await start()(authorizer(), await tokenOf(claims))).toHaveProperty('refused');
  expect(requests).toEqual([]);
});

test('an issuer that is down refuses tokens, and is asked again when it is back', async () => {
  const check = start();
  down = true;
  expect(await check(authorizer(), await tokenOf())).toEqual({ refused: expect.stringContaining('503') });
  down = false;
  expect(await check(authorizer(), await tokenOf())).toMatchObject({ sub: 'ada' });
});
