import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testCloud, until, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

test('a handler answers, and its environment is reused with its module state', async () => {
  await cloud.define('count', 'let calls = 0; exports.handler = async (event) => ({ calls: ++calls, event });');
  expect(await cloud.invoke('count', { a: 1 })).toEqual({ answer: { calls: 1, event: { a: 1 } }, failed: false });
  expect(await cloud.invoke('count', { a: 2 })).toEqual({ answer: { calls: 2, event: { a: 2 } }, failed: false });
});

test('each function has variables of its own, and those that Lambda defines', async () => {
  const source = 'exports.handler = async () => process.env;';
  await cloud.define('one', source, { Environment: { Variables: { NAME: 'one' } }, MemorySize: 256 });
  await cloud.define('two', source);
  const { answer: one } = await cloud.invoke('one');
  expect(one).toMatchObject({
    NAME: 'one',
    TZ: ':UTC',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
    AWS_ACCESS_KEY_ID: 'key-one',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_LAMBDA_FUNCTION_NAME: 'one',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/one',
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/) as string,
  });
  expect((await cloud.invoke('two')).answer).not.toHaveProperty('NAME');
});

test('one environment runs one invocation at a time; more at once need more environments', async () => {
  const source = `const { setTimeout: sleep } = require('node:timers/promises'); let now = 0; exports.handler = async () => { now += 1; await sleep(250); const seen = now; now -= 1; return seen; };`;
  await cloud.define('slow', source);
  const answers = await Promise.all(Array.from({ length: 4 }, () => cloud.invoke('slow')));
  expect(answers.map(({ answer }) => answer)).toEqual([1, 1, 1, 1]);
  expect(cloud.engine.functions.list()[0]?.environments).toBeGreaterThan(1);
});

test('beyond its reserved concurrency a synchronous caller gets 429', async () => {
  await cloud.define('slow', `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 50));`, {
    ReservedConcurrentExecutions: 2,
  });
  const calls = await Promise.allSettled(Array.from({ length: 3 }, () => cloud.invoke('slow')));
  expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect((calls[2] as PromiseRejectedResult).reason).toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
    members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });
  expect((await cloud.invoke('slow')).failed).toBe(false);
});

test('an unknown function, version or alias is ResourceNotFoundException', async () => {
  await cloud.define('one', 'exports.handler = async () => 1;');
  for (const name of ['none', 'one:7', 'one:live'])
    await expect(cloud.invoke(name)).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
});

test('a service needs the function’s resource policy, for its own source', async () => {
  await cloud.define('one', 'exports.handler = async () => 1;');
  const sourceArn = 'arn:aws:execute-api:us-east-1:000000000000:abc/*';
  const call = () =>
    cloud.engine.lambda.invoke({
      functionName: 'one',
      payload: '{}',
      type: 'RequestResponse',
      principal: { service: 'apigateway.amazonaws.com', sourceArn },
    });
  await expect(call()).rejects.toMatchObject({ code: 'AccessDeniedException', status: 403 });
  const permission = { FunctionName: 'one', Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', SourceArn: sourceArn };
  const { physicalId } = await cloud.apply('AWS::Lambda::Permission', permission);
  expect((await call()).payload).toBe('1');
  await cloud.engine.resourceTypes.find(({ type }) => type === 'AWS::Lambda::Permission')?.remove(physicalId);
  await expect(call()).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('a published version keeps its code; an alias points to it', async () => {
  await cloud.define('one', 'exports.handler = async () => "old " + process.env.AWS_LAMBDA_FUNCTION_VERSION;');
  const version = await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' }, 'Version1');
  expect(version.physicalId).toBe('arn:aws:lambda:us-east-1:000000000000:function:one:1');
  await cloud.apply('AWS::Lambda::Alias', { FunctionName: 'one', FunctionVersion: '1', Name: 'live' });
  await cloud.define('one', 'exports.handler = async (event, context) => "new " + context.invokedFunctionArn.split(":").length;');
  expect((await cloud.invoke('one')).answer).toBe('new 7');
  expect((await cloud.invoke(version.physicalId)).answer).toBe('old 1');
  expect((await cloud.invoke('one:live')).answer).toBe('old 1');
  expect((await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' }, 'Version1')).physicalId).toBe(version.physicalId);
  expect((await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' }, 'Version2')).attributes).toMatchObject({ Version: '2' });
});

test('the code of a version that is gone, and that nothing else runs, is removed', async () => {
  const codes = () => readdirSync(join(cloud.folder, 'code')).length;
  const remove = (arn: string) => cloud.engine.resourceTypes.find(({ type }) => type === 'AWS::Lambda::Version')?.remove(arn);
  await cloud.define('one', 'exports.handler = async () => "old";');
  const old = await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' }, 'Version1');
  const same = await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' }, 'Version2');
  await cloud.define('one', 'exports.handler = async () => "new";');
  expect((await cloud.invoke(old.physicalId)).answer).toBe('old');
  await remove(old.physicalId);
  expect((await cloud.invoke(same.physicalId)).answer).toBe('old');
  await remove(same.physicalId);
  await until(() => codes() === 1, 'the old code is removed');
  expect((await cloud.invoke('one')).answer).toBe('new');
});

test('code that was left by another start is removed when everything stands', async () => {
  await cloud.close();
  cloud = await testCloud({ durable: true });
  const codes = () => readdirSync(join(cloud.folder, 'state', 'code'));
  await cloud.define('one', 'exports.handler = async () => 1;');
  const [used] = codes();
  mkdirSync(join(cloud.folder, 'state', 'code', 'left'));
  await cloud.engine.functions.tidy();
  expect(codes()).toEqual([used]);
  expect((await cloud.invoke('one')).answer).toBe(1);
});

test('an alias that parts its traffic says that it does not here', async () => {
  await cloud.define('one', 'exports.handler = async () => 1;');
  const { attributes } = await cloud.apply('AWS::Lambda::Version', { FunctionName: 'one' });
  const alias = { FunctionName: 'one', Name: 'live', FunctionVersion: attributes['Version'] };
  const notices = () => cloud.told.filter((activity) => activity.kind === 'notice' && activity.message.includes('RoutingConfig'));
  await cloud.apply('AWS::Lambda::Alias', alias);
  expect(notices()).toEqual([]);
  await cloud.apply('AWS::Lambda::Alias', {
    ...alias,
    RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '2', FunctionWeight: 0.1 }] },
  });
  expect(notices()).toHaveLength(1);
});

test('hot reload in mid-flight loses nothing: what runs ends with the old code, what comes runs the new', async () => {
  await cloud.define('one', `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 500, 'old'));`);
  const running = Promise.all([cloud.invoke('one'), cloud.invoke('one')]);
  await until(() => cloud.engine.functions.list()[0]?.environments === 2, 'both run');
  await cloud.define('one', `exports.handler = async () => 'new';`);
  expect((await cloud.invoke('one')).answer).toBe('new');
  expect((await running).map(({ answer }) => answer)).toEqual(['old', 'old']);
  expect(cloud.engine.functions.list()).toMatchObject([{ name: 'one', environments: 1 }]);
});

test('beforeInvoke is waited for, and the invocation runs what it has put in place', async () => {
  await cloud.close();
  let fresh = true;
  cloud = await testCloud({
    beforeInvoke: (name) => {
      if (fresh) return undefined;
      fresh = true;
      return cloud.define(name, `exports.handler = async () => 'edited';`).then(() => undefined);
    },
  });
  await cloud.define('one', `exports.handler = async () => 'first';`);
  expect((await cloud.invoke('one')).answer).toBe('first');
  fresh = false;
  expect((await cloud.invoke('one')).answer).toBe('edited');
});

test('crash ends the invocation that made a call, found by its trace header', async () => {
  await cloud.define(
    'one',
    `exports.handler = async (event) => { console.log(process.env._X_AMZN_TRACE_ID); await new Promise((resolve) => setTimeout(resolve, 600)); return event; };`,
  );
  const calls = [cloud.invoke('one', 'first'), cloud.invoke('one', 'second')];
  const headers = () => cloud.told.flatMap((one) => (one.kind === 'log' ? [one] : []));
  await until(() => headers().length === 2, 'both run');
  expect(cloud.engine.functions.crash('one', 'Root=1-0-0;Parent=0000000000000000')).toBe(false);
  expect(cloud.engine.functions.crash('one', headers()[0]?.line)).toBe(true);
  const answers = await Promise.all(calls);
  expect(answers.filter(({ failed }) => failed)).toHaveLength(1);
  expect(answers.find(({ failed }) => failed)?.answer).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(cloud.engine.functions.list()[0]?.lastError).toContain('Runtime.ExitError');
});

test('faults on purpose: throttle, crash, and a timeout whose work was done', async () => {
  await cloud.define('one', `let calls = 0; exports.handler = async () => ++calls;`);
  const faults = [{ kind: 'throttle' }, { kind: 'crash' }, { kind: 'timeout' }] as const;
  let next = 0;
  cloud.faults = { onInvocation: () => faults[next++] };
  await expect(cloud.invoke('one')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  expect((await cloud.invoke('one')).answer).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect((await cloud.invoke('one')).answer).toMatchObject({ errorType: 'Sandbox.Timedout' });
  expect((await cloud.invoke('one')).answer).toBe(2);
});

test('requests and answers beyond 6 MB are refused', async () => {
  await cloud.define('one', `exports.handler = async (event) => 'x'.repeat(event.length ?? 0);`);
  await expect(cloud.invoke('one', 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ code: 'RequestTooLargeException', status: 413 });
  expect((await cloud.invoke('one', { length: 6 * 1024 * 1024 })).answer).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('what cannot run here is refused with a reason', async () => {
  await expect(cloud.define('one', '', { Runtime: 'python3.13' })).rejects.toThrow(/python3\.13: only nodejs runtimes/);
  await expect(cloud.define('one', '', { PackageType: 'Image' })).rejects.toThrow(/container image/);
  await expect(cloud.define('one', '', { Code: { S3Key: 'gone.zip' } })).rejects.toThrow(/gone\.zip is not in/);
  await expect(cloud.define('one', { '../out.js': '' })).rejects.toThrow(/Could not unzip/);
});

test('variables keep to what Lambda takes', async () => {
  const define = (Variables: Record<string, string>) => cloud.define('one', '', { Environment: { Variables } });
  await expect(define({ AWS_REGION: 'mars' })).rejects.toThrow(/AWS_REGION/);
  await expect(define({ 'a-b': 'x' })).rejects.toThrow(/a-b/);
  await expect(define({ LONG: 'é'.repeat(2047) })).rejects.toThrow(/4 KB/);
  await expect(define({ LONG: 'é'.repeat(2046), AWS_ENDPOINT_URL: '' })).rejects.toThrow(/4 KB/);
  await expect(define({ LONG: 'é'.repeat(2046) })).resolves.toBeDefined();
});

test('after the end an invocation is answered, and does not wait for ever', async () => {
  await cloud.define('one', 'exports.handler = async () => 1;');
  await cloud.engine.close();
  expect((await cloud.invoke('one')).answer).toMatchObject({ errorType: 'Runtime.ExitError' });
});

test('environments can be prepared ahead of the first invocation', async () => {
  await cloud.define('one', 'exports.handler = async () => 1;');
  await cloud.define('two', 'exports.handler = async () => 2;');
  await cloud.engine.functions.prepare();
  expect(cloud.engine.functions.list().map(({ environments }) => environments)).toEqual([1, 1]);
  await cloud.invoke('two');
  expect(cloud.engine.functions.list().map(({ environments }) => environments)).toEqual([1, 1]);
});

test('an edit that is taken back at once runs the first code again', async () => {
  const first = `exports.handler = async () => 'first';`;
  await cloud.define('one', first);
  await cloud.invoke('one');
  await Promise.all([cloud.define('one', `exports.handler = async () => 'second';`), cloud.define('one', first)]);
  for (let round = 0; round < 3; round += 1) expect((await cloud.invoke('one')).answer).toBe('first');
});
