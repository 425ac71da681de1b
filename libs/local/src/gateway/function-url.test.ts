import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { ROOT_CREDENTIALS } from './gateway.ts';
import { ROLE, startWeb, type Web } from './web.test-support.ts';

let web: Web;
beforeEach(async () => {
  web = await startWeb();
});
afterEach(() => web.close());

const ECHO = 'exports.handler = async (event) => event;';
const STREAM = (body: string): string => `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${body} });`;
const streaming = { InvokeMode: 'RESPONSE_STREAM' };

describe('a buffered URL', () => {
  it('gives the event of payload format 2.0, without a service in its path', async () => {
    await web.define('echo', ECHO);
    const host = await web.url('echo');
    const { status, headers, text } = await web.ask(host, '/my/path?a=1&a=2&b=', { headers: { cookie: 'x=1; y=2', 'user-agent': 'test' } });
    const [id = ''] = host.split('.');
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'a=1&a=2&b=',
      cookies: ['x=1', 'y=2'],
      queryStringParameters: { a: '1,2', b: '' },
      requestContext: {
        apiId: id,
        domainName: `${id}.lambda-url.localhost`,
        domainPrefix: id,
        stage: '$default',
        http: { method: 'GET', path: '/my/path', userAgent: 'test' },
      },
      isBase64Encoded: false,
    });
    expect(web.kernel.told).toContainEqual(expect.objectContaining({ kind: 'request', service: 'shop', path: '/my/path', status: 200 }));
  });

  it('answers what the function returns: all of an answer, or JSON as it stands', async () => {
    await web.define(
      'returns',
      `exports.handler = async ({ rawPath }) => rawPath === '/text' ? 'Hello' : rawPath === '/bytes' ? { statusCode: 201, headers: { 'X-A': 'b' }, cookies: ['a=1', 'b=2'], body: 'aGk=', isBase64Encoded: true } : rawPath === '/bad' ? { statusCode: 42 } : Promise.reject(new Error('secret'));`,
    );
    const host = await web.url('returns');
    expect((await web.ask(host, '/text')).text).toBe('"Hello"');
    expect(await web.ask(host, '/bytes')).toMatchObject({
      status: 201,
      text: 'hi',
      headers: { 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'application/json' },
    });
    for (const path of ['/bad', '/fail'])
      expect(await web.ask(host, path)).toMatchObject({ status: 502, text: '{"message":"Internal Server Error"}' });
  });

  it('answers 429 when the function has no room, and 413 to more than 6 MB', async () => {
    await web.define('full', ECHO, { ReservedConcurrentExecutions: 0 });
    const host = await web.url('full');
    expect((await web.ask(host, '/')).status).toBe(429);
    expect((await web.ask(host, '/', { method: 'POST', body: Buffer.alloc(6 * 1024 * 1024 + 1) })).status).toBe(413);
  });

  it('answers preflights itself, and CORS is what the URL says', async () => {
    await web.define(
      'cors',
      `exports.handler = async () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '' });`,
    );
    const host = await web.url('cors', { Cors: { AllowOrigins: ['http://a.example'], AllowMethods: ['GET'], MaxAge: 5 } });
    const asked = { method: 'OPTIONS', headers: { origin: 'http://a.example', 'access-control-request-method': 'GET' } };
    const preflight = await web.ask(host, '/', asked);
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'GET']);
    const allowed = async (origin: string) => (await web.ask(host, '/', { headers: { origin } })).headers['access-control-allow-origin'];
    expect([await allowed('http://a.example'), await allowed('http://b.example')]).toEqual(['http://a.example', undefined]);
  });
});

describe('who may call', () => {
  it('without authorization everybody, once the function’s policy says so twice', async () => {
    await web.define('open', ECHO);
    const { attributes } = await web.make('AWS::Lambda::Url', 'Url', { TargetFunctionArn: 'open', AuthType: 'NONE' });
    const { host } = new URL(String(attributes['FunctionUrl']));
    const status = async (): Promise<number> => (await web.ask(host, '/')).status;
    expect(await status()).toBe(403);
    await web.permit('open', 'lambda:InvokeFunctionUrl', { Principal: '*', FunctionUrlAuthType: 'AWS_IAM' });
    await web.permit('open', 'lambda:InvokeFunction', { Principal: '*', InvokedViaFunctionUrl: true });
    expect(await status()).toBe(403);
    await web.permit('open', 'lambda:InvokeFunctionUrl', { Principal: '*', FunctionUrlAuthType: 'NONE' });
    expect(await status()).toBe(200);
    expect(web.notices().join()).toContain("no statement of the function's policy allows lambda:InvokeFunctionUrl to everybody");
  });

  it('with IAM whoever signs and is allowed to', async () => {
    await web.define('closed', ECHO);
    const host = await web.url('closed', { AuthType: 'AWS_IAM' });
    type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    const signed = async (credentials: Credentials, service = 'lambda'): Promise<Record<string, string>> => {
      const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256 });
      const request = { method: 'GET', protocol: 'http:', hostname: host, path: '/', query: {}, headers: { host } };
      return (await signer.sign(request, { signingDate: new Date(web.kernel.time) })).headers;
    };
    const ask = async (headers: Record<string, string>) => web.ask(host, '/', { headers });
    const works = web.iam.credentialsFor({ roleArn: ROLE, functionName: 'caller' });
    expect((await ask({})).status).toBe(403);
    expect((await ask(await signed(ROOT_CREDENTIALS, 'execute-api'))).status).toBe(403);
    expect((await ask(await signed(ROOT_CREDENTIALS))).status).toBe(200);
    expect((await ask(await signed(works))).status).toBe(403);
    await web.permit('closed', 'lambda:InvokeFunctionUrl', { Principal: ROLE, FunctionUrlAuthType: 'AWS_IAM' });
    await web.permit('closed', 'lambda:InvokeFunction', { Principal: ROLE, InvokedViaFunctionUrl: true });
    const { status, text } = await ask(await signed(works));
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:sts::000000000000:assumed-role/works/caller' } } },
    });
  });
});

describe('a streamed URL', () => {
  it('takes status, headers and cookies from HttpResponseStream', async () => {
    await web.define(
      'streams',
      STREAM(
        `stream = awslambda.HttpResponseStream.from(stream, { statusCode: 203, headers: { 'Content-Type': 'text/csv' }, cookies: ['a=1'] }); stream.write('x,'); stream.write('y'); stream.end();`,
      ),
    );
    const host = await web.url('streams', streaming);
    expect(await web.ask(host, '/')).toMatchObject({
      status: 203,
      text: 'x,y',
      headers: { 'content-type': 'text/csv', 'set-cookie': ['a=1'] },
    });
    expect(await web.ask(host, '/', { method: 'HEAD' })).toMatchObject({ status: 203, text: '' });
  });

  it('streams bytes without it, and sends the JSON of a handler that does not stream as it stands', async () => {
    await web.define('bare', STREAM(`stream.write('plain'); stream.end();`));
    expect(await web.ask(await web.url('bare', streaming), '/')).toMatchObject({
      status: 200,
      text: 'plain',
      headers: { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' },
    });
    await web.define('ordinary', `exports.handler = async () => ({ statusCode: 404, body: 'no' });`);
    expect(await web.ask(await web.url('ordinary', streaming), '/')).toMatchObject({ status: 200, text: '{"statusCode":404,"body":"no"}' });
  });

  it('answers 502 to an error before the first byte, and to metadata that is none', async () => {
    await web.define('fails', STREAM(`throw new Error('secret');`));
    expect(await web.ask(await web.url('fails', streaming), '/')).toMatchObject({
      status: 502,
      text: '{"message":"Internal Server Error"}',
    });
    await web.define(
      'odd',
      STREAM(`stream = awslambda.HttpResponseStream.from(stream, { statusCode: 42 }); stream.write('x'); stream.end();`),
    );
    expect((await web.ask(await web.url('odd', streaming), '/')).status).toBe(502);
  });

  it('ends the connection at an error in the middle, so that nobody takes a part for the whole', async () => {
    await web.define(
      'breaks',
      STREAM(`stream.write('half'); await new Promise((resolve) => setTimeout(resolve, 100)); throw new Error('broken');`),
    );
    await expect(web.ask(await web.url('breaks', streaming), '/')).rejects.toThrow(/aborted|hang up|reset/i);
  });

  it('lets 100 MB pass at the pace of the client: while it reads nothing, little more than a window is written', async () => {
    await web.define(
      'large',
      `const { Readable } = require('node:stream'); const { pipeline } = require('node:stream/promises'); exports.handler = awslambda.streamifyResponse(async (event, stream) => { const piece = Buffer.alloc(1024 * 1024, 7); await pipeline(Readable.from((function* () { for (let n = 1; n <= 100; n += 1) { console.log(String(n)); yield piece; } })(), { highWaterMark: 1 }), stream); });`,
      { Timeout: 60 },
    );
    const reply = await web.open(await web.url('large', streaming), '/');
    const written = (): number => Math.max(0, ...web.kernel.told.flatMap((one) => (one.kind === 'log' ? [Number(one.line)] : [])));
    for (let before = -1; before !== written() || before < 1; await sleep(200)) before = written();
    // The sockets of this machine hold some megabytes, too.
    expect(written()).toBeLessThan(30);
    let size = 0;
    for await (const chunk of reply) size += (chunk as Buffer).length;
    expect(size).toBe(100 * 1024 * 1024);
  }, 60_000);

  it('a client that goes away stops nobody: the function runs to its end and is there for the next', async () => {
    await web.define(
      'patient',
      `let calls = 0; ${STREAM(`calls += 1; for (let n = 0; n < 64; n += 1) if (!stream.write(Buffer.alloc(65536))) await new Promise((resolve) => stream.once('drain', resolve)); console.log('ended ' + calls); stream.end();`)}`,
    );
    const host = await web.url('patient', streaming);
    const reply = await web.open(host, '/');
    await once(reply, 'readable');
    reply.destroy();
    const ended = (): boolean => web.kernel.told.some((one) => one.kind === 'log' && one.line === 'ended 1');
    for (const deadline = Date.now() + 10_000; !ended() && Date.now() < deadline;) await sleep(20);
    expect(ended()).toBe(true);
    expect((await web.ask(host, '/')).body).toHaveLength(64 * 65_536);
  });
});
