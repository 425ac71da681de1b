import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { startWeb, type Asked, type Reply, type Web } from '../gateway/web.test-support.ts';

const OPTIMISED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
let web: Web;
let server: Server;
/** What reached the origin. */
let asked: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let origin: Record<string, unknown>;

beforeEach(async () => {
  web = await startWeb();
  asked = [];
  answer = (_, response) => response.end('content');
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = { Id: 'o', DomainName: '127.0.0.1', CustomOriginConfig: { HTTPPort: port, OriginProtocolPolicy: 'http-only' } };
});
afterEach(async () => {
  await web.close();
  server.closeAllConnections();
  server.close();
});

const distribute = async (behaviour: Record<string, unknown> = {}, config: Record<string, unknown> = {}, logicalId = 'Site') =>
  web.make('AWS::CloudFront::Distribution', logicalId, {
    DistributionConfig: {
      Enabled: true,
      Origins: [origin],
      DefaultCacheBehavior: { TargetOriginId: 'o', CachePolicyId: OPTIMISED, ViewerProtocolPolicy: 'redirect-to-https', ...behaviour },
      ...config,
    },
  });
const ask = (path: string, more?: Asked): Promise<Reply> => web.ask(`shop.localhost:${web.port}`, path, more);
const cacheOf = async (path: string, more?: Asked): Promise<unknown> => (await ask(path, more)).headers['x-cache'];

describe('the cache', () => {
  it('answers what it knows, with its age, until it has expired; then the origin says whether it is still good', async () => {
    answer = (request, response) => {
      response.setHeader('cache-control', 'max-age=60').setHeader('etag', '"1"');
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.end('content');
    };
    await distribute();
    const first = await ask('/a');
    expect(first.headers).toMatchObject({
      'x-cache': 'Miss from cloudfront',
      via: expect.stringMatching(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/),
    });
    web.kernel.time += 59_000;
    expect(await ask('/a?session=x')).toMatchObject({
      text: 'content',
      headers: { 'x-cache': 'Hit from cloudfront', age: '59', 'content-length': '7' },
    });
    web.kernel.time += 2_000;
    expect(await ask('/a')).toMatchObject({ status: 200, text: 'content', headers: { 'x-cache': 'RefreshHit from cloudfront' } });
    expect(await cacheOf('/a')).toBe('Hit from cloudfront');
    expect(asked).toHaveLength(2);
  });

  it('asks the origin once for what many ask for at once', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    answer = (_, response) => void held.then(() => response.end('slow'));
    await distribute();
    const all = Array.from({ length: 100 }, () => ask('/hot'));
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    release?.();
    const replies = await Promise.all(all);
    expect(replies.map(({ text }) => text)).toEqual(Array<string>(100).fill('slow'));
    expect(asked).toHaveLength(1);
    expect(replies.filter(({ headers }) => headers['x-cache'] === 'Miss from cloudfront')).toHaveLength(1);
  });

  it('holds nobody back when cookies reach the origin, or nothing may be kept', async () => {
    let open = 0;
    let most = 0;
    answer = (_, response) => {
      most = Math.max(most, (open += 1));
      setTimeout(() => ((open -= 1), response.end('x')), 100);
    };
    await distribute({ OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac' });
    await Promise.all([ask('/mine'), ask('/mine')]);
    expect([asked.length, most]).toEqual([2, 2]);
    await distribute({ CachePolicyId: DISABLED });
    expect([await cacheOf('/never'), await cacheOf('/never')]).toEqual(Array(2).fill('Miss from cloudfront'));
  });

  it('keeps errors for a while, and serves what has expired while the origin fails', async () => {
    let status = 200;
    answer = (_, response) => response.writeHead(status, { 'cache-control': 'max-age=60' }).end(`status ${status}`);
    await distribute({}, { CustomErrorResponses: [{ ErrorCode: 503, ErrorCachingMinTTL: 5 }] });
    await ask('/stale');
    web.kernel.time += 61_000;
    status = 503;
    expect(await ask('/stale')).toMatchObject({ status: 200, text: 'status 200' });
    await ask('/stale');
    expect(asked).toHaveLength(2);
    expect(await ask('/new')).toMatchObject({ status: 503, headers: { 'x-cache': 'Error from cloudfront' } });
    expect((await ask('/new')).headers['age']).toBe('0');
    expect(asked).toHaveLength(3);
    web.kernel.time += 61_000;
    status = 404;
    expect((await ask('/stale')).status).toBe(404);
  });

  it('answers 304, parts and HEAD from what it knows', async () => {
    answer = (_, response) =>
      response.writeHead(200, { etag: 'W/"7"', 'last-modified': 'Mon, 05 Jan 2026 10:00:00 GMT' }).end('0123456789');
    await distribute();
    // The very first viewer knows it already, and it is kept all the same.
    expect(await ask('/a', { headers: { 'if-none-match': '"7"' } })).toMatchObject({ status: 304, text: '' });
    const part = async (range: string, more: Record<string, string> = {}): Promise<unknown[]> => {
      const { status, text, headers } = await ask('/a', { headers: { range, ...more } });
      return [status, text, headers['content-range']];
    };
    expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await part('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await part('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await part('bytes=10-')).toEqual([416, '', 'bytes */10']);
    expect(await part('bytes=1-2,4-5')).toEqual([200, '0123456789', undefined]);
    expect((await part('bytes=2-4', { 'if-range': '"other"' }))[0]).toBe(200);
    expect((await ask('/a', { headers: { 'if-modified-since': 'Mon, 05 Jan 2026 11:00:00 GMT' } })).status).toBe(304);
    expect(await ask('/a', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } });
    expect(asked).toHaveLength(1);
  });

  it('lets the origin give a part, and does not take it for the whole', async () => {
    answer = ({ headers }, response) =>
      headers.range ? response.writeHead(206, { 'content-range': 'bytes 0-0/3' }).end('a') : response.end('abc');
    await distribute();
    expect(await ask('/p', { headers: { range: 'bytes=0-0' } })).toMatchObject({ status: 206, text: 'a' });
    expect(await ask('/p')).toMatchObject({ status: 200, text: 'abc', headers: { 'x-cache': 'Miss from cloudfront' } });
  });

  it('a viewer that goes away takes nothing from those who wait; alone, it ends the request', async () => {
    let finish: (() => void) | undefined;
    const closed: string[] = [];
    answer = ({ url = '' }, response) => {
      response.on('close', () => closed.push(`${url} ${response.writableFinished ? 'whole' : 'cut'}`)).write('first,');
      finish = () => response.write('second,');
      if (url === '/shared') finish = () => response.end('last');
    };
    await distribute();
    const leader = await web.open('shop.localhost', '/shared');
    await once(leader, 'data');
    const follower = ask('/shared');
    // The follower is on its way, or waits: either way it must get the whole.
    await new Promise((resolve) => setTimeout(resolve, 100));
    leader.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    finish?.();
    expect((await follower).text).toBe('first,last');
    expect(asked).toHaveLength(1);

    const alone = await web.open('shop.localhost', '/alone');
    await once(alone, 'data');
    alone.destroy();
    for (const deadline = Date.now() + 5_000; closed.length < 2 && Date.now() < deadline; finish?.())
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(closed).toEqual(['/shared whole', '/alone cut']);
  });

  it('keeps errors even where nothing else is kept, as CloudFront does', async () => {
    answer = (_, response) => response.writeHead(500).end();
    await distribute({ CachePolicyId: DISABLED });
    await ask('/e');
    web.kernel.time += 9_000;
    await ask('/e');
    expect(asked).toHaveLength(1);
    web.kernel.time += 2_000;
    await ask('/e');
    expect(asked).toHaveLength(2);
  });

  it('follows a policy that has changed', async () => {
    const policy = (maxTtl: number) =>
      web.make('AWS::CloudFront::CachePolicy', 'Policy', {
        CachePolicyConfig: { Name: 'p', MinTTL: 0, DefaultTTL: maxTtl, MaxTTL: maxTtl },
      });
    await distribute({ CachePolicyId: (await policy(60)).physicalId });
    expect([await cacheOf('/a'), await cacheOf('/a')]).toEqual(['Miss from cloudfront', 'Hit from cloudfront']);
    await policy(0);
    expect([await cacheOf('/b'), await cacheOf('/b')]).toEqual(['Miss from cloudfront', 'Miss from cloudfront']);
  });

  it('does not keep what was cut off, and ends the viewer’s connection too', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 50);
    };
    await distribute();
    await expect(ask('/cut')).rejects.toThrow(/aborted|hang up|reset/i);
    answer = (_, response) => response.end('whole');
    expect(await ask('/cut')).toMatchObject({ text: 'whole', headers: { 'x-cache': 'Miss from cloudfront' } });
  });
});

describe('behaviours and origins', () => {
  it('the first pattern that matches decides, with the path and headers of its origin', async () => {
    const other = { ...origin, Id: 'p', OriginPath: '/base', OriginCustomHeaders: [{ HeaderName: 'X-Secret', HeaderValue: 's' }] };
    await distribute(
      {},
      {
        Origins: [origin, other],
        DefaultRootObject: 'index.html',
        CacheBehaviors: [
          {
            PathPattern: 'img/*.jp?',
            TargetOriginId: 'p',
            CachePolicyId: DISABLED,
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
          },
        ],
      },
    );
    await ask('/img/a/b.jpg', { method: 'POST', body: 'sent', headers: { 'content-type': 'text/x', 'x-forwarded-for': '192.0.2.1' } });
    expect(asked.at(-1)).toMatchObject({ method: 'POST', url: '/base/img/a/b.jpg' });
    expect(asked.at(-1)?.headers).toMatchObject({
      host: '127.0.0.1',
      'x-secret': 's',
      'content-type': 'text/x',
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'user-agent': 'Amazon CloudFront',
    });
    await ask('/img/a.jpeg');
    expect(asked.at(-1)?.url).toBe('/img/a.jpeg');
    await ask('/');
    expect(asked.at(-1)?.url).toBe('/index.html');
    expect((await ask('/', { method: 'POST', body: 'x' })).status).toBe(403);
    expect((await ask('/', { method: 'GET', body: 'x', headers: { 'content-length': '1' } })).status).toBe(403);
  });

  it('answers 502 for an origin that is not there, and 504 for one that says nothing', async () => {
    origin['CustomOriginConfig'] = { ...(origin['CustomOriginConfig'] as object), OriginReadTimeout: 1 };
    answer = () => {};
    await distribute();
    expect(await ask('/silent')).toMatchObject({ status: 504, headers: { 'x-cache': 'Error from cloudfront' } });
    origin['CustomOriginConfig'] = { HTTPPort: 1, OriginProtocolPolicy: 'http-only' };
    await distribute();
    expect((await ask('/gone')).status).toBe(502);
  });

  it('has pages for errors, through the behaviour of their path', async () => {
    answer = ({ url }, response) => response.writeHead(url === '/errors/404.html' ? 200 : 404).end(url);
    await distribute({}, { CustomErrorResponses: [{ ErrorCode: 404, ResponseCode: 200, ResponsePagePath: '/errors/404.html' }] });
    expect(await ask('/x')).toMatchObject({ status: 200, text: '/errors/404.html', headers: { 'x-cache': 'Error from cloudfront' } });
    await ask('/x');
    expect(asked.map(({ url }) => url)).toEqual(['/x', '/errors/404.html']);
  });

  it('reads from buckets through their port, in the name of the distribution', async () => {
    await web.close();
    const got: unknown[] = [];
    const objects = {
      get: async (request: object) => {
        got.push(request);
        return { status: 200, headers: { 'content-type': 'image/png', etag: '"e"' }, body: Readable.from([Buffer.from('png')]) };
      },
    };
    web = await startWeb({ objects });
    const { physicalId } = await web.make('AWS::CloudFront::OriginAccessControl', 'Access', {
      OriginAccessControlConfig: { Name: 'a', OriginAccessControlOriginType: 's3', SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
    origin = {
      Id: 'o',
      DomainName: 'pictures.s3.us-east-1.amazonaws.com',
      OriginPath: '/public',
      OriginAccessControlId: physicalId,
      S3OriginConfig: {},
    };
    const { attributes } = await distribute();
    expect(await ask('/a%20b.png')).toMatchObject({ text: 'png', headers: { 'content-type': 'image/png' } });
    expect(await cacheOf('/a%20b.png')).toBe('Hit from cloudfront');
    expect(got).toEqual([
      {
        bucket: 'pictures',
        key: 'public/a b.png',
        method: 'GET',
        headers: expect.any(Object),
        principal: {
          service: 'cloudfront.amazonaws.com',
          sourceArn: `arn:aws:cloudfront::000000000000:distribution/${String(attributes['Id'])}`,
        },
      },
    ]);
  });

  it('reaches HTTP APIs and function URLs; of the latter, those that only it may call', async () => {
    await web.define('echo', 'exports.handler = async (event) => event;');
    const api = (await web.make('AWS::ApiGatewayV2::Api', 'Api', { ProtocolType: 'HTTP' })).physicalId;
    await web.make('AWS::ApiGatewayV2::Stage', 'Stage', { ApiId: api, StageName: '$default' });
    const integration = await web.make('AWS::ApiGatewayV2::Integration', 'I', {
      ...{ ApiId: api, IntegrationType: 'AWS_PROXY', IntegrationUri: web.lambda.functions.list()[0]?.arn, PayloadFormatVersion: '2.0' },
    });
    await web.make('AWS::ApiGatewayV2::Route', 'R', { ApiId: api, RouteKey: '$default', Target: `integrations/${integration.physicalId}` });
    await web.permit('echo', 'lambda:InvokeFunction', { Principal: 'apigateway.amazonaws.com' });
    origin = {
      Id: 'o',
      DomainName: `${api}.execute-api.us-east-1.amazonaws.com`,
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
    };
    await distribute({ CachePolicyId: DISABLED });
    expect(JSON.parse((await ask('/a/b')).text)).toMatchObject({ rawPath: '/a/b', requestContext: { apiId: api } });
    // As on AWS, where neither knows the name of the distribution.
    await distribute({ CachePolicyId: DISABLED, OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3' });
    expect((await ask('/a/b')).status).toBe(403);
    expect(web.notices().join()).toContain('forwards the Host header');

    const control = await web.make('AWS::CloudFront::OriginAccessControl', 'Access', {
      OriginAccessControlConfig: {
        Name: 'a',
        OriginAccessControlOriginType: 'lambda',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    });
    const host = await web.url('echo', { AuthType: 'AWS_IAM' });
    origin = {
      Id: 'o',
      DomainName: host,
      OriginAccessControlId: control.physicalId,
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
    };
    const all = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'];
    const { physicalId } = await distribute({ CachePolicyId: DISABLED, AllowedMethods: all });
    expect((await web.ask(host, '/')).status).toBe(403);
    expect((await ask('/one')).status).toBe(403);
    const from = { Principal: 'cloudfront.amazonaws.com', SourceArn: `arn:aws:cloudfront::000000000000:distribution/${physicalId}` };
    await web.permit('echo', 'lambda:InvokeFunctionUrl', { ...from, FunctionUrlAuthType: 'AWS_IAM' });
    await web.permit('echo', 'lambda:InvokeFunction', { ...from, InvokedViaFunctionUrl: true });
    const { status, text } = await ask('/two');
    expect([status, text.includes('x-larder')]).toEqual([200, false]);
    expect((await web.ask(host, '/', { headers: { 'x-larder-origin-access': 'guess' } })).status).toBe(403);
    expect((await ask('/three', { method: 'POST', body: 'x' })).status).toBe(403);
    const hash = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    expect((await ask('/three', { method: 'POST', body: 'x', headers: { 'x-amz-content-sha256': hash } })).status).toBe(200);
  });

  it('refuses to be its own origin', async () => {
    origin = { Id: 'o', DomainName: 'localhost', CustomOriginConfig: { HTTPPort: web.port, OriginProtocolPolicy: 'http-only' } };
    await distribute({ CachePolicyId: DISABLED, OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3' });
    expect((await ask('/loop')).text).toContain('its own origin');
  });
});

describe('headers', () => {
  it('response headers policies remove and add, and leave what the origin says unless told otherwise', async () => {
    const { physicalId } = await web.make('AWS::CloudFront::ResponseHeadersPolicy', 'Policy', {
      ResponseHeadersPolicyConfig: {
        Name: 'p',
        RemoveHeadersConfig: { Items: [{ Header: 'Server' }] },
        CustomHeadersConfig: {
          Items: [
            { Header: 'X-Ours', Value: 'a', Override: true },
            { Header: 'X-Theirs', Value: 'a', Override: false },
          ],
        },
        SecurityHeadersConfig: { StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Override: true } },
        CorsConfig: {
          AccessControlAllowOrigins: { Items: ['http://*.example.com'] },
          AccessControlAllowMethods: { Items: ['GET'] },
          AccessControlAllowHeaders: { Items: ['*'] },
          AccessControlAllowCredentials: false,
          OriginOverride: true,
        },
      },
    });
    answer = (_, response) =>
      response.writeHead(200, { server: 'x', 'x-ours': 'b', 'x-theirs': 'b', 'set-cookie': 'a=1', vary: 'Accept, Accept-Encoding' }).end();
    await distribute({ ResponseHeadersPolicyId: physicalId });
    const { headers } = await ask('/', { headers: { origin: 'http://shop.example.com' } });
    expect(headers).toMatchObject({
      'x-ours': 'a',
      'x-theirs': 'b',
      'strict-transport-security': 'max-age=60; includeSubDomains',
      'access-control-allow-origin': 'http://shop.example.com',
    });
    expect([headers['server'], headers['set-cookie']]).toEqual([undefined, undefined]);
    expect((await ask('/', { headers: { origin: 'http://evil.example' } })).headers).toMatchObject({ vary: 'Accept-Encoding' });
    await distribute({ ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03' });
    expect((await ask('/')).headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
  });
});

describe('names and warnings', () => {
  it('the first alias names a distribution, or the service; of two with the same name the first answers', async () => {
    const { attributes } = await distribute({}, { Aliases: ['*.example.com', 'Images.example.com'] });
    expect(attributes).toEqual({ Id: expect.stringMatching(/^E[A-Z0-9]{13}$/), DomainName: `images.localhost:${web.port}` });
    expect((await web.ask('images.localhost', '/')).text).toBe('content');
    expect((await ask('/')).status).toBe(404);
    answer = (_, response) => response.end('second');
    await distribute({}, { Aliases: ['images.example.org'] }, 'Second');
    expect(web.notices().join()).toContain('two distributions have the name images');
    expect((await web.ask('images.localhost', '/')).text).toBe('content');
  });

  it('names what has no effect, and refuses what would change the rest', async () => {
    await distribute(
      {
        LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: 'arn:edge:1' }],
        TrustedKeyGroups: ['k'],
        Compress: true,
      },
      { WebACLId: 'acl', Logging: { Bucket: 'b' }, PriceClass: 'PriceClass_100' },
    );
    const notices = web.notices().join('\n');
    expect(notices).toContain('Lambda@Edge does not run here, so that arn:edge:1 is never called');
    expect(notices).toContain('TrustedKeyGroups has no effect here');
    expect(notices).toContain('WebACLId, Logging have no effect here');
    expect(notices).not.toContain('PriceClass');
    await expect(distribute({ TargetOriginId: 'group' })).rejects.toThrow(
      'Site: the behaviour * has the origin group, which is none of the Origins',
    );
    await expect(distribute({ CachePolicyId: 'unknown' })).rejects.toThrow('there is no cache policy unknown');
    origin['CustomOriginConfig'] = undefined;
    await expect(distribute()).rejects.toThrow('is no bucket, and has no CustomOriginConfig');
  });

  it('one that is disabled says so', async () => {
    await distribute({}, { Enabled: false });
    expect(await ask('/')).toMatchObject({ status: 403, text: expect.stringContaining('disabled') });
  });
});
