import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startWeb, type Asked, type Reply, type Web } from '../gateway/web.test-support.ts';
import { compileEdgeFunction } from './edge-function.ts';

let web: Web;
let server: Server;
let asked: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeEach(async () => {
  web = await startWeb();
  asked = [];
  answer = (_, response) => response.end('content');
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await web.close();
  server.closeAllConnections();
  server.close();
});

const associate = async (functions: Record<string, string>): Promise<void> => {
  const associations = await Promise.all(
    Object.entries(functions).map(async ([EventType, FunctionCode]) => {
      const { physicalId } = await web.make('AWS::CloudFront::Function', EventType.replace('-', ''), {
        ...{ Name: EventType, FunctionCode, AutoPublish: true, FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' } },
      });
      return { EventType, FunctionARN: physicalId };
    }),
  );
  const { port } = server.address() as AddressInfo;
  await web.make('AWS::CloudFront::Distribution', 'Site', {
    DistributionConfig: {
      Enabled: true,
      Origins: [{ Id: 'o', DomainName: '127.0.0.1', CustomOriginConfig: { HTTPPort: port, OriginProtocolPolicy: 'http-only' } }],
      DefaultCacheBehavior: {
        ...{ TargetOriginId: 'o', ViewerProtocolPolicy: 'allow-all', FunctionAssociations: associations },
        ...{ CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac' },
      },
    },
  });
};
const ask = (path: string, more?: Asked): Promise<Reply> => web.ask('shop.localhost', path, more);

it('viewer-request sees the request and may change it', async () => {
  await associate({
    'viewer-request': `async function handler(event) {
      const request = event.request;
      console.log('saw', request.uri, request.querystring.tag.multiValue.length, request.cookies.a.value, event.context.eventType);
      request.uri = '/changed' + request.uri;
      request.querystring = { w: { value: '7' }, flag: { value: '' } };
      request.headers['x-added'] = { value: 'by function' };
      delete request.headers['x-removed'];
      request.cookies.b = { value: '2' };
      return request;
    }`,
  });
  await ask('/a?tag=1&tag=2', { headers: { cookie: 'a=1', 'x-removed': 'x' } });
  expect(asked[0]?.url).toBe('/changed/a?w=7&flag');
  expect(asked[0]?.headers).toMatchObject({ 'x-added': 'by function', cookie: 'a=1; b=2' });
  expect(asked[0]?.headers).not.toHaveProperty('x-removed');
  expect(web.notices()).toContain('viewer-request: saw /a 2 1 viewer-request');
});

it('viewer-request may answer itself', async () => {
  await associate({
    'viewer-request': `function handler() { return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/x' } }, cookies: { s: { value: '1', attributes: 'Path=/' } }, body: { encoding: 'base64', data: 'aGk=' } }; }`,
  });
  expect(await ask('/')).toMatchObject({
    status: 302,
    text: 'hi',
    headers: { location: '/x', 'set-cookie': ['s=1; Path=/'], 'x-cache': 'FunctionGeneratedResponse from cloudfront' },
  });
  expect(asked).toHaveLength(0);
});

it('viewer-response may change status, headers, cookies and body, and is not asked about errors', async () => {
  answer = ({ url }, response) =>
    response.writeHead(url === '/bad' ? 500 : 200, { 'x-origin': 'a', 'set-cookie': ['a=1; Secure', 'b=2'] }).end('content');
  await associate({
    'viewer-response': `function handler(event) {
      const response = event.response;
      response.headers['x-seen'] = { value: response.headers['x-origin'].value + event.request.uri };
      response.cookies.a.attributes = 'HttpOnly';
      if (event.request.uri === '/body') response.body = 'other';
      return response;
    }`,
  });
  expect(await ask('/page')).toMatchObject({ text: 'content', headers: { 'x-seen': 'a/page', 'set-cookie': ['a=1; HttpOnly', 'b=2'] } });
  expect(await ask('/body')).toMatchObject({ text: 'other', headers: { 'content-length': '5' } });
  expect((await ask('/bad')).headers).not.toHaveProperty('x-seen');
  // What is replaced is let go: its connection serves the next.
  const ports = new Set<number | undefined>();
  for (let round = 0; round < 3; round += 1) {
    await ask('/body');
    ports.add(asked.at(-1)?.socket.remotePort);
  }
  expect(ports.size).toBe(1);
});

it.each([
  ['throws', 'function handler() { throw new Error("no"); }', 503],
  ['never ends', 'function handler() { for (;;); }', 503],
  ['never ends later', 'async function handler() { await null; for (;;); }', 503],
  ['never answers', 'function handler() { return new Promise(() => {}); }', 503],
  ['makes code from text', 'function handler() { return eval("1"); }', 503],
  ['reaches for the machine', 'function handler() { return process.env; }', 503],
  ['returns nothing', 'function handler() { return null; }', 502],
  ['returns a uri without a slash', 'function handler({ request }) { request.uri = "x"; return request; }', 502],
  [
    'writes what only CloudFront may',
    'function handler({ request }) { request.headers["x-cache"] = { value: "x" }; return request; }',
    502,
  ],
  ['changes the host', 'function handler({ request }) { request.headers.host.value = "x"; return request; }', 502],
  ['breaks a header', 'function handler({ request }) { request.headers.a = { value: "b\\r\\nc: d" }; return request; }', 502],
])('a function that %s fails the request', async (_, code, status) => {
  await associate({ 'viewer-request': code });
  expect((await ask('/')).status).toBe(status);
  expect(asked).toHaveLength(0);
});

it('knows nothing of the last event', () => {
  const edge = compileEdgeFunction({ arn: 'a', name: 'n', code: 'let count = 0; function handler() { return { count: count += 1 }; }' });
  expect([edge.run({}, () => {}), edge.run({}, () => {})]).toEqual([{ count: 1 }, { count: 1 }]);
});

it.each([
  ['import crypto from "crypto";\nfunction handler() {}', 'imports a module'],
  ['var c = require("crypto"); function handler() {}', 'imports a module'],
  ['function other() {}', 'has no handler'],
  ['function handler() {', 'is no script'],
])('refuses %s', (code, reason) => {
  expect(() => compileEdgeFunction({ arn: 'a', name: 'n', code })).toThrow(reason);
});
