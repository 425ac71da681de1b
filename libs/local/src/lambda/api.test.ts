import type { RestReply, RestRequest } from '../kernel/call.ts';
import { testCloud, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await cloud.define(
    'one',
    `exports.handler = async (event, context) => { console.log('said'); if (event.fail) throw new Error('no'); return { event, client: context.clientContext }; };`,
  );
});
afterEach(() => cloud.close());

const request = (method: string, path: string, body = '', headers: Record<string, string> = {}): RestRequest => {
  const url = new URL(path, 'http://localhost');
  const caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
  return { method, path: url.pathname, query: url.searchParams, headers, body: Buffer.from(body), caller, region: 'us-east-1' };
};
const service = () => {
  const [api] = cloud.engine.services;
  if (api?.protocol !== 'rest') throw new Error('Lambda speaks REST');
  return api;
};
const call = (...of: Parameters<typeof request>): Promise<RestReply> => service().handle(request(...of));
const INVOKE = '/2015-03-31/functions/one/invocations';
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:one';

test('Invoke answers with the version, and with the log when asked', async () => {
  const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
  const reply = await call('POST', INVOKE, '{"n":1}', { 'x-amz-log-type': 'Tail', 'x-amz-client-context': context });
  expect(reply).toMatchObject({ status: 200, headers: { 'x-amz-executed-version': '$LATEST' } });
  expect(JSON.parse(String(reply.body))).toEqual({ event: { n: 1 }, client: { custom: { a: 1 } } });
  expect(Buffer.from(reply.headers?.['x-amz-log-result'] ?? '', 'base64').toString()).toBe('said\n');
  expect(reply.headers).not.toHaveProperty('x-amz-function-error');
});

test('Invoke names the function’s own failure in a header, with status 200', async () => {
  const reply = await call('POST', INVOKE, '{"fail":true}');
  expect(reply).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
  expect(JSON.parse(String(reply.body))).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
});

test('Invoke takes Event and DryRun, an empty body, an encoded ARN; a body that is no JSON is refused', async () => {
  expect((await call('POST', INVOKE, '', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
  expect((await call('POST', INVOKE, '', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
  expect((await call('POST', `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`)).status).toBe(200);
  await expect(call('POST', INVOKE, '{')).rejects.toMatchObject({ code: 'InvalidRequestContentException', status: 400 });
  await expect(call('POST', INVOKE, '', { 'x-amz-invocation-type': 'Later' })).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
  });
});

test('each call names the permission that it needs, on the function as it was called', () => {
  expect(service().permissions(request('POST', INVOKE))).toEqual([{ action: 'lambda:InvokeFunction', resource: ARN }]);
  expect(service().permissions(request('POST', `${INVOKE}?Qualifier=live`))).toEqual([
    { action: 'lambda:InvokeFunction', resource: `${ARN}:live` },
  ]);
  expect(service().permissions(request('GET', '/2015-03-31/functions/'))).toEqual([{ action: 'lambda:ListFunctions', resource: '*' }]);
});

test('functions, their configuration, policy and event sources are shown', async () => {
  const read = async (path: string): Promise<unknown> => JSON.parse(String((await call('GET', path)).body));
  expect(await read('/2015-03-31/functions/')).toMatchObject({ Functions: [{ FunctionName: 'one', FunctionArn: ARN, Timeout: 5 }] });
  expect(await read('/2015-03-31/functions/one')).toMatchObject({ Configuration: { FunctionName: 'one' }, Code: {} });
  expect(await read('/2015-03-31/functions/one/configuration')).toMatchObject({ Handler: 'index.handler', MemorySize: 128 });
  await expect(call('GET', '/2015-03-31/functions/one/policy')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await cloud.apply('AWS::Lambda::Permission', {
    FunctionName: 'one',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: 'arn:rule',
  });
  const { Policy } = (await read('/2015-03-31/functions/one/policy')) as { Policy: string };
  expect(JSON.parse(Policy)).toMatchObject({
    Statement: [{ Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } } }],
  });
  const queue = cloud.queues.create('jobs');
  await cloud.apply('AWS::Lambda::EventSourceMapping', { FunctionName: 'one', EventSourceArn: queue });
  expect(await read('/2015-03-31/event-source-mappings/?FunctionName=one')).toMatchObject({
    EventSourceMappings: [{ EventSourceArn: queue, FunctionArn: ARN, BatchSize: 10, State: 'Enabled' }],
  });
  expect(await read('/2015-03-31/event-source-mappings/?FunctionName=two')).toEqual({ EventSourceMappings: [] });
});

test('what is no operation here says so', async () => {
  await expect(call('PUT', '/2015-03-31/functions/one/code')).rejects.toMatchObject({ code: 'UnknownOperationException', status: 404 });
});
