import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { createOriginAccess } from '../cloudfront/origin-access.ts';
import { createCognito, type TokenIssuer } from '../cognito/cognito.ts';
import { createIam, type Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { CreatedResource } from '../kernel/resource-type.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import type { InvokeRequest, InvokeResult } from '../kernel/ports.ts';
import { createGateway, type Gateway, ROOT_CREDENTIALS } from './gateway.ts';

const ROLE = 'arn:aws:iam::000000000000:role/caller';
let kernel: TestKernel;
let gateway: Gateway;
let iam: Iam;
let issuer: TokenIssuer;
let base: string;
let apiId: string;
let poolId: string;
let invocations: InvokeRequest[];
let invoke: (request: InvokeRequest) => InvokeResult | Promise<InvokeResult>;
let make: (type: string, logicalId: string, properties: Record<string, unknown>) => Promise<CreatedResource>;
let stop: () => Promise<void>;

const answering = (value: unknown) => (): InvokeResult => ({ status: 200, payload: JSON.stringify(value) });
interface Event {
  routeKey: string;
  headers: Record<string, string>;
  requestContext: { authorizer: { jwt: { claims: Record<string, string>; scopes: string[] | null }; iam: object } };
}
const lastEvent = (): Event => JSON.parse(invocations.at(-1)?.payload ?? '{}') as Event;

beforeEach(async () => {
  invocations = [];
  invoke = answering({ ok: true });
  kernel = testKernel({ time: Date.now() });
  const engine = await createIam(kernel);
  iam = engine.iam;
  const cognito = await createCognito(kernel);
  issuer = cognito.issuer;
  const lambda = { invoke: async (request: InvokeRequest) => (invocations.push(request), invoke(request)) };
  gateway = await createGateway(kernel, {
    lambda,
    iam,
    issuer,
    functionUrls: { find: () => undefined, policyOf: () => undefined, invoke: () => Promise.reject(new Error('there is none')) },
    originAccess: createOriginAccess(),
    sites: { find: () => undefined },
  });
  const types = new Map([...engine.resourceTypes, ...cognito.resourceTypes, ...gateway.resourceTypes].map((type) => [type.type, type]));
  make = (type, logicalId, properties) =>
    types.get(type)!.apply({ logicalId, properties, stackName: 'shop-local', service: 'shop', packageDirectory: '' });

  await make('AWS::IAM::Role', 'Caller', {
    RoleName: 'caller',
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'call',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'execute-api:Invoke',
              Resource: 'arn:aws:execute-api:us-east-1:000000000000:*/$default/GET/stock/*',
            },
          ],
        },
      },
    ],
  });
  poolId = (await make('AWS::Cognito::UserPool', 'Pool', {})).physicalId;
  const clientId = (await make('AWS::Cognito::UserPoolClient', 'Client', { UserPoolId: poolId })).physicalId;
  apiId = (
    await make('AWS::ApiGatewayV2::Api', 'HttpApi', {
      ProtocolType: 'HTTP',
      CorsConfiguration: {
        AllowOrigins: ['http://shop.localhost:4000'],
        AllowMethods: ['GET', 'POST'],
        AllowHeaders: ['authorization'],
        MaxAge: 60,
      },
    })
  ).physicalId;
  await make('AWS::ApiGatewayV2::Stage', 'Stage', {
    ApiId: apiId,
    StageName: '$default',
    RouteSettings: { 'GET /throttled': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } },
  });
  const integration = await make('AWS::ApiGatewayV2::Integration', 'A', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:a',
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 500,
  });
  const old = await make('AWS::ApiGatewayV2::Integration', 'Old', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:old',
  });
  const people = await make('AWS::ApiGatewayV2::Authorizer', 'People', {
    ApiId: apiId,
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: `http://localhost:4566/${poolId}`, Audience: [clientId] },
  });
  const abroad = await make('AWS::ApiGatewayV2::Authorizer', 'Abroad', {
    ApiId: apiId,
    AuthorizerType: 'JWT',
    JwtConfiguration: { Issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`, Audience: [clientId] },
  });
  const doorman = await make('AWS::ApiGatewayV2::Authorizer', 'Doorman', {
    ApiId: apiId,
    AuthorizerType: 'REQUEST',
    IdentitySource: ['$request.header.X-Key'],
    EnableSimpleResponses: true,
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: 60,
    AuthorizerUri:
      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:door/invocations',
  });
  const jwt = { AuthorizationType: 'JWT', AuthorizerId: people.physicalId };
  const routes: [string, string, Record<string, unknown>?][] = [
    ['GET /', integration.physicalId],
    ['GET /products/{productId}', integration.physicalId],
    ['GET /products/new', integration.physicalId],
    ['ANY /files/{proxy+}', integration.physicalId],
    ['POST /orders', integration.physicalId, jwt],
    ['GET /admin', integration.physicalId, { ...jwt, AuthorizationScopes: ['admin'] }],
    ['GET /stock/{id}', integration.physicalId, { AuthorizationType: 'AWS_IAM' }],
    ['POST /stock', integration.physicalId, { AuthorizationType: 'AWS_IAM' }],
    ['GET /door', integration.physicalId, { AuthorizationType: 'CUSTOM', AuthorizerId: doorman.physicalId }],
    ['GET /abroad', integration.physicalId, { AuthorizationType: 'JWT', AuthorizerId: abroad.physicalId }],
    ['GET /throttled', integration.physicalId],
    ['POST /echo', integration.physicalId],
    ['GET /old/{id}', old.physicalId],
  ];
  for (const [index, [key, target, more]] of routes.entries()) {
    await make('AWS::ApiGatewayV2::Route', `Route${index}`, { ApiId: apiId, RouteKey: key, Target: `integrations/${target}`, ...more });
  }
  base = `http://127.0.0.1:${await gateway.listen(0)}`;
  stop = async () => {
    await gateway.close();
    await cognito.close();
  };
});

afterEach(async () => {
  await stop();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${base}/shop${path}`, { headers });

describe('routes', () => {
  it.each([
    ['/products/new', 'GET /products/new'],
    ['/products/7', 'GET /products/{productId}'],
    ['/files/a/b%20c', 'ANY /files/{proxy+}'],
    ['', 'GET /'],
    ['/', 'GET /'],
  ])('selects for %s the most specific route, %s', async (path, routeKey) => {
    expect((await get(path)).status).toBe(200);
    expect(lastEvent().routeKey).toBe(routeKey);
  });

  it('answers 404 where there is no route, and no service', async () => {
    expect(await (await get('/nowhere')).json()).toEqual({ message: 'Not Found' });
    expect(await (await fetch(`${base}/stranger/x`)).json()).toEqual({ message: expect.stringContaining("No service 'stranger'") });
    expect((await get('/files')).status).toBe(404);
  });

  it('lists what there is', () => {
    expect(gateway.describe().get('shop')).toContainEqual({
      method: 'GET',
      path: '/stock/{id}',
      url: 'http://localhost:4000/shop/stock/{id}',
      auth: 'iam',
      functionName: 'a',
    });
  });
});

it('answers under the API’s own name too, and with it the path is all the API’s', async () => {
  const { port } = new URL(base);
  const ask = (host: string, path = '/products/7?a=1'): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ port, path, headers: { host } }, (reply) => resolve(reply.resume()))
        .on('error', reject)
        .end();
    });
  expect((await ask(`${apiId}.execute-api.localhost:${port}`)).statusCode).toBe(200);
  expect(lastEvent()).toMatchObject({ routeKey: 'GET /products/{productId}', rawPath: '/products/7' });
  expect((await ask(`nobody.execute-api.localhost:${port}`)).statusCode).toBe(404);
  expect((await ask(`nobody.lambda-url.localhost:${port}`)).statusCode).toBe(404);
  expect((await ask('shop.example.com')).statusCode).toBe(404);

  await make('AWS::ApiGatewayV2::Stage', 'Stage', { ApiId: apiId, StageName: 'dev' });
  expect((await ask(`${apiId}.execute-api.localhost`, '/dev/products/7')).statusCode).toBe(200);
  expect((await ask(`${apiId}.execute-api.localhost`, '/products/7')).statusCode).toBe(404);
});

describe('payload format', () => {
  it('2.0 joins repeated values, keeps cookies apart and decodes parameters', async () => {
    await fetch(`${base}/shop/products/a%2Fb?tag=x&tag=y%26&q=`, {
      headers: { cookie: 'a=1; b=2', 'X-Thing': 'one', 'user-agent': 'test' },
    });
    const event = lastEvent();
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /products/{productId}',
      rawPath: '/shop/products/a%2Fb',
      rawQueryString: 'tag=x&tag=y%26&q=',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({ 'x-thing': 'one', 'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) }),
      queryStringParameters: { tag: 'x,y&', q: '' },
      requestContext: {
        accountId: '000000000000',
        apiId,
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: { method: 'GET', path: '/shop/products/a%2Fb', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: expect.any(String),
        routeKey: 'GET /products/{productId}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: kernel.time,
      },
      pathParameters: { productId: 'a/b' },
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(invocations[0]).toMatchObject({
      principal: {
        service: 'apigateway.amazonaws.com',
        sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/GET/products/{productId}`,
      },
      traceHeader: event.headers['x-amzn-trace-id'],
    });
  });

  it('2.0 gives JSON as text and a picture in base64', async () => {
    await fetch(`${base}/shop/echo`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"ä"}' });
    expect(lastEvent()).toMatchObject({ body: '{"a":"ä"}', isBase64Encoded: false });
    await fetch(`${base}/shop/echo`, { method: 'POST', headers: { 'content-type': 'image/png' }, body: Buffer.from([137, 80]) });
    expect(lastEvent()).toMatchObject({ body: 'iVA=', isBase64Encoded: true });
  });

  it('1.0 has single and multiple values', async () => {
    invoke = answering({ statusCode: 201, body: 'made', multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] } });
    const response = await get('/old/7?a=1&a=2');
    expect(lastEvent()).toMatchObject({
      version: '1.0',
      resource: '/old/{id}',
      httpMethod: 'GET',
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      pathParameters: { id: '7' },
      body: null,
    });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });
});

describe('answers', () => {
  it('takes status, headers, cookies and body from the function', async () => {
    invoke = answering({ statusCode: 202, headers: { 'X-A': 1 }, cookies: ['a=1', 'b=2'], body: 'aGk=', isBase64Encoded: true });
    const response = await get('');
    expect([response.status, response.headers.get('x-a'), response.headers.getSetCookie(), await response.text()]).toEqual([
      202,
      '1',
      ['a=1', 'b=2'],
      'hi',
    ]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('infers a JSON 200 when there is no statusCode', async () => {
    const response = await get('');
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([200, 'application/json', { ok: true }]);
  });

  it.each([
    ['fails', { status: 200, payload: '{"errorMessage":"secret"}', functionError: 'Unhandled' as const }],
    ['returns a body that is no text', { status: 200, payload: '{"statusCode":200,"body":{}}' }],
    ['returns a status that is none', { status: 200, payload: '{"statusCode":42}' }],
    ['returns a header with a line break', { status: 200, payload: '{"statusCode":200,"headers":{"a":"b\\r\\nc: d"}}' }],
    ['returns no JSON', { status: 200, payload: '' }],
  ])('answers 500 and nothing inner when the function %s', async (_, result) => {
    invoke = () => result;
    const response = await get('');
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('answers 503 after the integration timeout, and when the function is throttled', async () => {
    invoke = () => new Promise((resolve) => setTimeout(() => resolve({ status: 200, payload: '{}' }), 1_000));
    expect([(await get('')).status, await (await get('')).json()]).toEqual([503, { message: 'Service Unavailable' }]);
    invoke = () => {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    };
    expect((await get('')).status).toBe(503);
  });

  it('answers 500 and tells why when the function does not admit the gateway', async () => {
    invoke = () => {
      throw new AwsError('AccessDeniedException', 'no permission for apigateway.amazonaws.com', 403);
    };
    expect((await get('')).status).toBe(500);
    expect(kernel.told).toContainEqual(expect.objectContaining({ kind: 'notice', message: expect.stringContaining('no permission') }));
  });

  it('throttles a route with the settings of its stage, and lets requests pass again', async () => {
    const statuses = [await get('/throttled'), await get('/throttled'), await get('/throttled')].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 429]);
    kernel.time += 1_000;
    expect((await get('/throttled')).status).toBe(200);
  });

  it('refuses more than 10 MB', async () => {
    const response = await fetch(`${base}/shop/echo`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  it('tells of every request', async () => {
    await get('/products/1?q=x');
    expect(kernel.told).toContainEqual(
      expect.objectContaining({ kind: 'request', service: 'shop', method: 'GET', path: '/shop/products/1', status: 200 }),
    );
  });
});

describe('CORS', () => {
  it('answers a preflight itself, also of a route that needs a token', async () => {
    const response = await fetch(`${base}/shop/orders`, {
      method: 'OPTIONS',
      headers: { origin: 'http://shop.localhost:4000', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'http://shop.localhost:4000',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '60',
    });
    expect(invocations).toHaveLength(0);
  });

  it('lets only configured origins read, whatever the function says', async () => {
    invoke = answering({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '' });
    expect((await get('', { origin: 'http://evil.example' })).headers.get('access-control-allow-origin')).toBeNull();
    expect((await get('/orders', { origin: 'http://shop.localhost:4000' })).headers.get('access-control-allow-origin')).toBe(
      'http://shop.localhost:4000',
    );
  });
});

it('adds the origin to what an answer varies by already', async () => {
  invoke = answering({ statusCode: 200, headers: { vary: 'Accept' }, body: '' });
  expect((await get('', { origin: 'http://shop.localhost:4000' })).headers.get('vary')).toBe('Accept, Origin');
});

describe('JWT authorizer', () => {
  const order = (token?: string): Promise<Response> =>
    fetch(`${base}/shop/orders`, { method: 'POST', ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) });

  it('lets ID and access tokens of its pool pass and hands on their claims as texts', async () => {
    const { idToken, accessToken } = await issuer.mint('ada@example.com');
    expect((await order(idToken)).status).toBe(200);
    const { claims, scopes } = lastEvent().requestContext.authorizer.jwt;
    expect(claims).toMatchObject({
      email: 'ada@example.com',
      email_verified: 'true',
      exp: expect.stringMatching(/^\d+$/),
      token_use: 'id',
    });
    expect(scopes).toBeNull();
    expect((await order(accessToken)).status).toBe(200);
  });

  it('answers 401 without a token, with one that was tampered with, of another pool, or expired', async () => {
    const { idToken, refreshToken } = await issuer.mint('ada@example.com');
    const [head = '', body = '', signature = ''] = idToken.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'someone-else' })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const token of [undefined, 'x', `${head}.${forged}.${signature}`, `${unsigned}.${body}.`, refreshToken, `${head}.${body}`]) {
      const response = await order(token);
      expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    }
    expect((await order(idToken)).status).toBe(200);
    kernel.time += 3_601_000;
    expect((await order(idToken)).status).toBe(401);
    expect(invocations).toHaveLength(1);
  });

  it('takes the address that a pool has on AWS for that of the pool here', async () => {
    const { idToken } = await issuer.mint('ada@example.com');
    expect((await get('/abroad', { authorization: idToken })).status).toBe(200);
  });

  it('answers 403 when the token has none of the scopes of the route', async () => {
    const { idToken } = await issuer.mint('ada@example.com');
    expect((await get('/admin', { authorization: idToken })).status).toBe(403);
  });
});

describe('IAM authorization', () => {
  type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  const signed = async (method: string, path: string, credentials: Credentials, body?: string, at = kernel.time): Promise<RequestInit> => {
    const url = new URL(`${base}/shop${path}`);
    const query: Record<string, string[]> = {};
    for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
    const signer = new SignatureV4({ service: 'execute-api', region: 'us-east-1', credentials, sha256: Sha256 });
    const request = {
      method,
      protocol: 'http:',
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: { host: url.host, 'x-a': '  b   c ' },
    };
    const { headers } = await signer.sign(body === undefined ? request : { ...request, body }, { signingDate: new Date(at) });
    return { method, headers, ...(body === undefined ? {} : { body }) };
  };
  const call = async (method: string, path: string, credentials: Credentials, body?: string): Promise<Response> =>
    fetch(`${base}/shop${path}`, await signed(method, path, credentials, body));
  const functionCredentials = (): Credentials => iam.credentialsFor({ roleArn: ROLE, functionName: 'caller' });

  it('lets a function call what its role allows, and says who called', async () => {
    const credentials = functionCredentials();
    const response = await call('GET', '/stock/flour%20%C3%A4?b=2&a=1&a=%20x', credentials);
    expect(response.status).toBe(200);
    expect(lastEvent().requestContext.authorizer.iam).toMatchObject({
      accessKey: credentials.accessKeyId,
      accountId: '000000000000',
      userArn: 'arn:aws:sts::000000000000:assumed-role/caller/caller',
    });
  });

  it('denies what the role does not allow, and names the statement', async () => {
    const response = await call('POST', '/stock', functionCredentials(), '{}');
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    const resource = `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/POST/stock`;
    expect(kernel.told).toContainEqual(expect.objectContaining({ kind: 'denied', action: 'execute-api:Invoke', resource, enforced: true }));
    kernel.iam = 'warn';
    expect((await call('POST', '/stock', functionCredentials(), '{}')).status).toBe(200);
  });

  it('lets root call with a body', async () => {
    expect((await call('POST', '/stock', ROOT_CREDENTIALS, '{"a":1}')).status).toBe(200);
  });

  it('refuses a request that is unsigned, old, changed, or signed with another secret', async () => {
    const credentials = functionCredentials();
    const path = '/stock/7';
    const send = async (init: RequestInit, where = path): Promise<number> => (await fetch(`${base}/shop${where}`, init)).status;
    expect(await send({})).toBe(403);
    expect(await send(await signed('GET', path, credentials, undefined, kernel.time - 6 * 60_000))).toBe(403);
    expect(await send(await signed('GET', path, credentials, undefined, kernel.time - 4 * 60_000))).toBe(200);
    expect(await send(await signed('GET', path, { ...credentials, secretAccessKey: 'guess' }))).toBe(403);
    expect(await send(await signed('GET', path, { ...credentials, sessionToken: 'guess' }))).toBe(403);
    expect(await send(await signed('GET', path, { accessKeyId: 'nobody', secretAccessKey: 'x' }))).toBe(403);
    expect(await send(await signed('GET', path, credentials), '/stock/8')).toBe(403);
    expect(await send({ ...(await signed('POST', '/stock', ROOT_CREDENTIALS, '{"a":1}')), body: '{"a":2}' }, '/stock')).toBe(403);
  });
});

describe('Lambda authorizer', () => {
  it('asks its function once for a key, and hands on the context', async () => {
    invoke = ({ functionName }) =>
      functionName.endsWith(':door') ? answering({ isAuthorized: true, context: { level: 3 } })() : answering({ ok: true })();
    expect((await get('/door')).status).toBe(401);
    expect((await get('/door', { 'x-key': 'k' })).status).toBe(200);
    expect(lastEvent().requestContext.authorizer).toEqual({ lambda: { level: 3 } });
    await get('/door', { 'x-key': 'k' });
    expect(invocations.filter(({ functionName }) => functionName.endsWith(':door'))).toHaveLength(1);
    invoke = answering({ isAuthorized: false });
    expect((await get('/door', { 'x-key': 'other' })).status).toBe(403);
  });
});

it('survives odd requests', async () => {
  const paths = [
    '//',
    '/%',
    '/%zz/%00',
    '/shop/%E0%A4%A',
    '/shop/products/%',
    '/shop//products//',
    '/shop/../shop',
    '/shop?%',
    '/shop/files/%2e%2e',
    `/${'a'.repeat(5000)}`,
  ];
  for (const path of paths) expect((await fetch(`${base}${path}`)).status).toBeLessThan(500);
  const noise = createHash('sha512').update('seed').digest('base64');
  for (const authorization of ['AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=////', 'Bearer', 'Bearer ..', `Bearer ${noise}`]) {
    for (const path of ['/stock/1', '/admin', '/door']) expect((await get(path, { authorization })).status).toBeLessThan(500);
  }
});
