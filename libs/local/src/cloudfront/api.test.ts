import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { startWeb, type Web } from '../gateway/web.test-support.ts';
import { testEndpoint, type TestEndpoint } from '../testing/endpoint.ts';

let web: Web;
let endpoint: TestEndpoint;
let id: string;
beforeEach(async () => {
  web = await startWeb();
  endpoint = await testEndpoint(web.cloudfront.services);
  await web.define('now', `let calls = 0; exports.handler = async () => ({ statusCode: 200, body: String((calls += 1)) });`);
  const host = await web.url('now');
  const { physicalId } = await web.make('AWS::CloudFront::CachePolicy', 'Policy', {
    CachePolicyConfig: {
      ...{ Name: 'p', MinTTL: 0, DefaultTTL: 600, MaxTTL: 600 },
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: false,
        HeadersConfig: { HeaderBehavior: 'none' },
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
      },
    },
  });
  const site = await web.make('AWS::CloudFront::Distribution', 'Site', {
    DistributionConfig: {
      Enabled: true,
      Origins: [{ Id: 'o', DomainName: host, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } }],
      DefaultCacheBehavior: { TargetOriginId: 'o', CachePolicyId: physicalId, ViewerProtocolPolicy: 'allow-all' },
    },
  });
  id = site.physicalId;
});
afterEach(async () => {
  await endpoint.close();
  await web.close();
});

const call = async (method: string, path: string, body?: string): Promise<{ status: number; text: string; location: string | null }> => {
  const { hostname, port } = new URL(endpoint.client.endpoint);
  const signer = new SignatureV4({ service: 'cloudfront', region: 'us-east-1', credentials: endpoint.client.credentials, sha256: Sha256 });
  const request = { method, protocol: 'http:', hostname, port: Number(port), path, query: {}, headers: { host: `${hostname}:${port}` } };
  const { headers } = await signer.sign(body === undefined ? request : { ...request, body });
  const response = await fetch(`${endpoint.client.endpoint}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
};
const invalidate = (paths: string[], reference = 'once', distribution = id) =>
  call(
    'POST',
    `/2020-05-31/distribution/${distribution}/invalidation`,
    `<?xml version="1.0"?><InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>${paths.length}</Quantity><Items>${paths
      .map((path) => `<Path>${path}</Path>`)
      .join('')}</Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`,
  );
const isKept = async (path: string): Promise<boolean> =>
  (await web.ask('shop.localhost', path)).headers['x-cache'] === 'Hit from cloudfront';

it('an invalidation forgets a path with its query, or all that begin so, and nothing else', async () => {
  const paths = ['/a', '/a?x=1&y=2', '/img/1', '/img/2', '/imgs'];
  for (const path of paths) await isKept(path);
  expect((await invalidate(['/a', '/img/*'])).status).toBe(201);
  const kept = async (): Promise<boolean[]> => Promise.all(paths.map(isKept));
  expect(await kept()).toEqual([false, true, false, false, true]);
  await invalidate(['/a?x=1&amp;y=2', '/im*']);
  expect(await kept()).toEqual([true, false, false, false, false]);
});

it('an answer that was on its way meanwhile is not kept', async () => {
  await web.define(
    'now',
    `exports.handler = async ({ rawPath }) => { console.log('asked'); await new Promise((resolve) => setTimeout(resolve, 300)); return { statusCode: 200, body: rawPath }; };`,
  );
  const asking = Promise.all(['/old', '/other'].map((path) => web.ask('shop.localhost', path)));
  const asked = (): number => web.kernel.told.filter((one) => one.kind === 'log' && one.line === 'asked').length;
  while (asked() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await invalidate(['/old']);
  await asking;
  expect(await Promise.all(['/old', '/other'].map(isKept))).toEqual([false, true]);
});

it('is answered as done, and can be asked for', async () => {
  const { text, location } = await invalidate(['/*']);
  const [, made] = /<Id>(I[0-9A-F]{13})<\/Id><Status>Completed<\/Status>/.exec(text) ?? [];
  expect(location).toBe(`http://localhost:4566/2020-05-31/distribution/${id}/invalidation/${made ?? ''}`);
  expect((await call('GET', `/2020-05-31/distribution/${id}/invalidation/${made ?? ''}`)).text).toBe(text);
  expect(await call('GET', `/2020-05-31/distribution/${id}/invalidation/I0`)).toMatchObject({
    status: 404,
    text: expect.stringContaining('NoSuchInvalidation'),
  });
});

it('refuses a distribution that is not there, paths that are none, and other operations by name', async () => {
  expect(await invalidate(['/a'], 'r', 'ENOBODY')).toMatchObject({
    status: 404,
    text: expect.stringContaining('<Code>NoSuchDistribution</Code>'),
  });
  expect(await invalidate(['a'])).toMatchObject({ status: 400, text: expect.stringContaining('<Code>InvalidArgument</Code>') });
  expect((await invalidate(['/a*b'])).status).toBe(400);
  expect((await invalidate([])).status).toBe(400);
  expect((await call('DELETE', `/2020-05-31/distribution/${id}`)).text).toContain(
    'is not an operation of CloudFront that runs on the laptop',
  );
});

it('names the permission that it takes', () => {
  const [service] = web.cloudfront.services;
  if (service?.protocol !== 'rest') throw new Error('CloudFront speaks REST');
  const request = {
    method: 'POST',
    path: `/2020-05-31/distribution/${id}/invalidation`,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
  };
  const caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
  expect(service.permissions({ ...request, caller, region: 'us-east-1' })).toEqual([
    { action: 'cloudfront:CreateInvalidation', resource: `arn:aws:cloudfront::000000000000:distribution/${id}` },
  ]);
});
