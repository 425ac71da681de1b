import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { testEndpoint } from '../testing/endpoint.ts';
import type { AnswerSink } from './answer-sink.ts';
import type { Ran } from './invoker.ts';
import { testCloud, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

/** A function that streams, and its URL. */
async function define(source: string, properties: Record<string, unknown> = {}): Promise<string> {
  await cloud.define('streams', `const { pipeline } = require('node:stream/promises'); exports.handler = ${source};`, properties);
  const { attributes } = await cloud.apply('AWS::Lambda::Url', {
    TargetFunctionArn: 'streams',
    AuthType: 'NONE',
    InvokeMode: 'RESPONSE_STREAM',
  });
  return /^http:\/\/([a-z0-9]{32})\.lambda-url\.localhost:4000\/$/.exec(String(attributes['FunctionUrl']))?.[1] ?? '';
}

const run = (id: string, event: unknown, sink: AnswerSink): Promise<Ran> => {
  const url = cloud.engine.functionUrls.find(id);
  if (!url) throw new Error('The URL is there');
  return cloud.engine.functionUrls.invoke(url, {
    payload: JSON.stringify(event),
    traceHeader: 'Root=1-00000000-000000000000000000000000',
    sink,
  });
};

/** Takes everything at once. */
const taking = (): AnswerSink & { readonly pieces: Buffer[]; readonly types: Set<string> } => {
  const pieces: Buffer[] = [];
  const types = new Set<string>();
  return { pieces, types, take: (piece, type) => (pieces.push(Buffer.from(piece)), void types.add(type)) };
};

test('pieces come as they are written, before the handler has ended, and in order', async () => {
  const id = await define(
    `awslambda.streamifyResponse(async (event, stream) => { stream.setContentType('text/plain'); stream.write('one '); await new Promise((resolve) => { globalThis.go = resolve; setTimeout(resolve, 4000); }); stream.write(Buffer.from('two ')); stream.write({ three: 3 }); stream.end(); })`,
  );
  let first: (() => void) | undefined;
  const began = new Promise<void>((resolve) => (first = resolve));
  const sink = taking();
  const ran = run(id, {}, { take: (piece, type) => (void sink.take(piece, type), first?.()) });
  await began;
  expect(Buffer.concat(sink.pieces).toString()).toBe('one ');
  expect((await ran).kind).toBe('ok');
  expect(Buffer.concat(sink.pieces).toString()).toBe('one two {"three":3}');
  expect([...sink.types]).toEqual(['text/plain']);
});

test('HttpResponseStream puts status and headers before the first byte, also of nothing', async () => {
  const id = await define(
    `awslambda.streamifyResponse(async (event, stream) => { stream = awslambda.HttpResponseStream.from(stream, { statusCode: 302, headers: { location: '/x' } }); stream.write(''); stream.end(); })`,
  );
  const sink = taking();
  expect((await run(id, {}, sink)).payload).toBe('');
  const all = Buffer.concat(sink.pieces);
  expect(JSON.parse(all.subarray(0, -8).toString())).toEqual({ statusCode: 302, headers: { location: '/x' } });
  expect(all.subarray(-8)).toEqual(Buffer.alloc(8));
  expect([...sink.types]).toEqual(['application/vnd.awslambda.http-integration-response']);
});

test('a sink that does not take holds the handler back: little more than the window is written', async () => {
  const id = await define(
    `awslambda.streamifyResponse(async (event, stream) => { const { Readable } = require('node:stream'); let made = 0; await pipeline(Readable.from((function* () { for (let n = 0; n < 320; n += 1) { made += 65536; console.log(String(made)); yield Buffer.alloc(65536, 1); } })()), stream); })`,
  );
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let size = 0;
  const ran = run(id, {}, { take: async (piece) => ((size += piece.length), held) });
  const made = (): number => Math.max(0, ...cloud.told.flatMap((one) => (one.kind === 'log' ? [Number(one.line)] : [])));
  // Until nothing more is written.
  for (let before = -1; before !== made() || before === 0; await sleep(100)) before = made();
  expect(size).toBeLessThanOrEqual(1024 * 1024);
  expect(made()).toBeLessThanOrEqual(2 * 1024 * 1024);
  release?.();
  expect((await ran).kind).toBe('ok');
  expect(size).toBe(320 * 65536);
});

test('an error in the middle, a stream that is destroyed and one that never ends fail; so does a handler that returns no promise', async () => {
  const id = await define(
    `awslambda.streamifyResponse((event, stream) => { if (event.sync) return stream.end(); return (async () => { stream.write('begun'); if (event.how === 'throw') throw new RangeError('too far'); if (event.how === 'destroy') stream.destroy(); if (event.how === 'crash') process.exit(3); })(); })`,
    { Timeout: 1 },
  );
  const failing = async (event: object): Promise<[string, string, string]> => {
    const sink = taking();
    const { kind, payload } = await run(id, event, sink);
    return [kind, (JSON.parse(payload) as { errorType: string }).errorType, Buffer.concat(sink.pieces).toString()];
  };
  expect(await failing({ how: 'throw' })).toEqual(['error', 'RangeError', 'begun']);
  expect((await failing({ how: 'destroy' }))[0]).toBe('error');
  expect(await failing({ how: 'never' })).toEqual(['timeout', 'Sandbox.Timedout', 'begun']);
  expect((await failing({ how: 'crash' })).slice(0, 2)).toEqual(['crash', 'Runtime.ExitError']);
  expect((await failing({ sync: true }))[1]).toBe('Runtime.InvalidStreamingOperation');
  expect((await failing({ how: 'throw' }))[0]).toBe('error');
});

test('content types come before the first byte only', async () => {
  const id = await define(
    `awslambda.streamifyResponse(async (event, stream) => { stream.write('x'); stream.setContentType('text/html'); })`,
  );
  expect(JSON.parse((await run(id, {}, taking())).payload)).toMatchObject({ errorType: 'Runtime.InvalidStreamingOperation' });
});

test('Invoke answers with the whole, to the byte, up to 6 MB; InvokeWithResponseStream is refused by name', async () => {
  await define(
    `awslambda.streamifyResponse(async (event, stream) => { for (let left = event.bytes; left > 0; left -= 65536) stream.write(Buffer.alloc(Math.min(left, 65536), 200)); stream.end(); })`,
  );
  const endpoint = await testEndpoint(cloud.engine.services);
  const lambda = new LambdaClient({ ...endpoint.client, maxAttempts: 1 });
  try {
    const invoke = (bytes: number) => lambda.send(new InvokeCommand({ FunctionName: 'streams', Payload: JSON.stringify({ bytes }) }));
    const whole = await invoke(6 * 1024 * 1024);
    expect(whole.FunctionError).toBeUndefined();
    expect(Buffer.from(whole.Payload ?? []).equals(Buffer.alloc(6 * 1024 * 1024, 200))).toBe(true);
    const tooLarge = await invoke(6 * 1024 * 1024 + 1);
    expect(tooLarge.FunctionError).toBe('Unhandled');
    expect(Buffer.from(tooLarge.Payload ?? []).toString()).toContain('Function.ResponseSizeTooLarge');
    await expect(lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'streams' }))).rejects.toThrow(
      /does not run on the laptop/,
    );
  } finally {
    lambda.destroy();
    await endpoint.close();
  }
});

test('a URL is refused that no function has, or with words that do not exist', async () => {
  await cloud.define('plain', 'exports.handler = async () => 1;');
  await expect(cloud.apply('AWS::Lambda::Url', { TargetFunctionArn: 'nobody', AuthType: 'NONE' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  await expect(cloud.apply('AWS::Lambda::Url', { TargetFunctionArn: 'plain', AuthType: 'JWT' })).rejects.toThrow('NONE and AWS_IAM exist');
  await expect(cloud.apply('AWS::Lambda::Url', { TargetFunctionArn: 'plain', AuthType: 'NONE', InvokeMode: 'X' })).rejects.toThrow(
    'InvokeMode',
  );
});
