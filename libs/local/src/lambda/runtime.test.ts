import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testCloud, type TestCloud } from './test-fixtures/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

const lines = (): string[] => cloud.told.flatMap((activity) => (activity.kind === 'log' ? [activity.line] : []));

test('an ES module, a folder, and a nested export', async () => {
  await cloud.define(
    'module',
    { 'src/orders/handler.mjs': 'export const api = { handlers: { place: async () => import.meta.url } };' },
    { Handler: 'src/orders/handler.api.handlers.place' },
  );
  expect((await cloud.invoke('module')).answer).toMatch(/src\/orders\/handler\.mjs$/);
});

test('a .js file is what the archive’s package.json says', async () => {
  await cloud.define('typed', { 'index.js': 'export const handler = async () => typeof require;', 'package.json': '{"type":"module"}' });
  await cloud.define('plain', { 'index.js': 'exports.handler = async () => typeof require;' });
  expect((await cloud.invoke('typed')).answer).toBe('undefined');
  expect((await cloud.invoke('plain')).answer).toBe('function');
});

test('the context is complete', async () => {
  await cloud.define(
    'context',
    'exports.handler = async (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() });',
    { MemorySize: 192, Timeout: 9 },
  );
  const { answer } = await cloud.invoke('context');
  expect(answer).toMatchObject({
    functionName: 'context',
    functionVersion: '$LATEST',
    memoryLimitInMB: '192',
    logGroupName: '/aws/lambda/context',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]\w+$/) as string,
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
  const { remaining } = answer as { remaining: number };
  expect(remaining).toBeGreaterThan(8000);
  expect(remaining).toBeLessThanOrEqual(9000);
});

test('a function is at home in its archive', async () => {
  await cloud.define(
    'home',
    `exports.handler = async () => [process.cwd(), require('node:path').resolve('data.json')].map((path) => path.replace(process.env.LAMBDA_TASK_ROOT, ''));`,
  );
  expect((await cloud.invoke('home')).answer).toEqual(['', '/data.json']);
});

test('the time zone is UTC, wherever the laptop is', () => {
  const program = `
    const { startEnvironment } = await import(${JSON.stringify(new URL('./environment.ts', import.meta.url).href)});
    const { writeFileSync } = await import('node:fs');
    const taskRoot = ${JSON.stringify(cloud.folder)};
    writeFileSync(taskRoot + '/index.mjs', 'export const handler = async () => new Date(0).getHours();');
    const environment = startEnvironment(128);
    await environment.bind({ kind: 'bind', environment: { TZ: ':UTC' }, taskRoot, handler: 'index.handler', runtimeMajor: 24 }, { timeoutMs: 10_000, log() {} });
    const { payload } = await environment.invoke({ kind: 'invoke', requestId: '1', payload: '{}', functionArn: '', traceHeader: '', remainingMs: 9 }, 10_000);
    process.stdout.write(payload, () => process.exit());`;
  const env = { ...process.env, TZ: 'Asia/Tokyo' };
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8', timeout: 20_000 }).stdout).toBe('0');
});

test('an error is answered with its type, message and trace', async () => {
  await cloud.define('failing', `exports.handler = async () => { throw new RangeError('too far'); };`);
  const { answer, failed } = await cloud.invoke('failing');
  expect(failed).toBe(true);
  expect(answer).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: expect.arrayContaining(['RangeError: too far']) as string[],
  });
});

test('what is thrown and is no error, and an answer that is no JSON', async () => {
  await cloud.define('odd', `exports.handler = async (event) => { if (event.big) return 1n; throw 'text'; };`);
  expect((await cloud.invoke('odd')).answer).toEqual({ errorType: 'string', errorMessage: 'text', trace: [] });
  expect((await cloud.invoke('odd', { big: true })).answer).toMatchObject({ errorType: 'Runtime.MarshalError' });
});

test.each([
  ['a missing file', { 'other.js': '' }, 'Runtime.ImportModuleError'],
  ['a missing dependency', { 'index.js': `require('not-in-the-archive');` }, 'Runtime.ImportModuleError'],
  ['a missing export', { 'index.js': '' }, 'Runtime.HandlerNotFound'],
  ['a syntax error', { 'index.js': 'exports.handler = (;' }, 'Runtime.UserCodeSyntaxError'],
  ['code that throws as it loads', { 'index.js': `throw new TypeError('at load');` }, 'TypeError'],
  [
    'a callback, which Node.js 24 has no more',
    { 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1);' },
    'Runtime.CallbackHandlerDeprecated',
  ],
  ['an exit as it loads', { 'index.js': 'process.exit(3);' }, 'Runtime.ExitError'],
])('initialisation fails on %s, at every invocation anew', async (_what, files, errorType) => {
  await cloud.define('broken', files);
  for (let round = 0; round < 2; round += 1) {
    const { answer, failed } = await cloud.invoke('broken');
    expect(failed).toBe(true);
    expect(answer).toMatchObject({ errorType });
  }
});

describe('until Node.js 22', () => {
  const old = { Runtime: 'nodejs22.x' };

  test('a callback answers when the event loop is empty', async () => {
    await cloud.define(
      'callback',
      `let late = false; exports.handler = (event, context, callback) => { setTimeout(() => { late = true; }, 50); callback(null, { get late() { return late; } }); };`,
      old,
    );
    expect((await cloud.invoke('callback')).answer).toEqual({ late: true });
    expect((await cloud.invoke('callback')).answer).toEqual({ late: true });
  });

  test('or at once when it says so', async () => {
    await cloud.define(
      'callback',
      `exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 'now'); };`,
      old,
    );
    expect((await cloud.invoke('callback')).answer).toBe('now');
  });

  test('a promise that is not of Node’s own kind is waited for', async () => {
    await cloud.define('thenable', `exports.handler = () => ({ then: (resolve) => setTimeout(resolve, 20, 'late') });`, old);
    expect((await cloud.invoke('thenable')).answer).toBe('late');
  });

  test('an error in the callback is the answer, and no call answers null', async () => {
    await cloud.define('callback', `exports.handler = (event, context, callback) => { if (event.fail) callback(new Error('no')); };`, old);
    expect((await cloud.invoke('callback', { fail: true })).answer).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
    expect((await cloud.invoke('callback')).answer).toBeNull();
  });
});

describe('the environment ends', () => {
  test('when the timeout has passed, even in an endless loop; the next invocation gets a new one', async () => {
    await cloud.define(
      'slow',
      'let calls = 0; exports.handler = async (event) => { calls += 1; while (event.loop); if (event.wait) await new Promise(() => {}); return calls; };',
      { Timeout: 1 },
    );
    const [loop, wait] = await Promise.all([cloud.invoke('slow', { loop: true }), cloud.invoke('slow', { wait: true })]);
    for (const { answer } of [loop, wait])
      expect(answer).toMatchObject({
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/) as string,
      });
    expect((await cloud.invoke('slow')).answer).toBe(1);
  });

  test('when the process exits', async () => {
    await cloud.define('exit', 'exports.handler = async (event) => (event.code === undefined ? 1 : process.exit(event.code));');
    expect((await cloud.invoke('exit', { code: 7 })).answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 7$/) as string,
    });
    expect((await cloud.invoke('exit', { code: 0 })).answer).toMatchObject({
      errorMessage: expect.stringContaining('without providing a reason') as string,
    });
    expect((await cloud.invoke('exit')).answer).toBe(1);
  });

  test('when nobody catches an exception or a rejection', async () => {
    await cloud.define(
      'uncaught',
      `let calls = 0; exports.handler = (event) => { calls += 1; if (event.quiet) return calls; setTimeout(() => { if (event.reject) Promise.reject(new Error('rejected')); else throw new Error('thrown'); }, 1); return new Promise(() => {}); };`,
    );
    expect((await cloud.invoke('uncaught')).answer).toMatchObject({ errorType: 'Error', errorMessage: 'thrown' });
    expect((await cloud.invoke('uncaught', { reject: true })).answer).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: rejected',
    });
    expect((await cloud.invoke('uncaught', { quiet: true })).answer).toBe(1);
    expect(cloud.told.flatMap((one) => (one.kind === 'invocation' ? [one.outcome] : []))).toEqual(['crash', 'crash', 'ok']);
  });

  test.each([
    ['lists', 'new Array(10000).fill(event)'],
    ['texts', "'x'.repeat(50000) + Math.random()"],
  ])(
    'when the memory limit is passed, by %s, and nothing else ends',
    async (_what, more) => {
      await cloud.define('greedy', `const kept = []; exports.handler = async (event) => { for (;;) kept.push(${more}); };`, {
        Timeout: 20,
      });
      expect((await cloud.invoke('greedy')).answer).toMatchObject({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('signal: killed') as string,
      });
    },
    20_000,
  );
});

test('what is written becomes log lines with the request id, before the answer, and within bounds', async () => {
  await cloud.define(
    'talk',
    `exports.handler = async (event, { awsRequestId }) => { console.log('a', { b: 1 }); console.error('two\\nlines'); process.stdout.write(Buffer.from('bytes\\n')); console.log('x'.repeat(300000)); return awsRequestId; };`,
  );
  const { answer } = await cloud.invoke('talk');
  expect(lines().slice(0, 4)).toEqual(['a { b: 1 }', 'two', 'lines', 'bytes']);
  expect(lines()[4]?.length).toBeLessThan(263_000);
  expect(
    cloud.told
      .filter(({ kind }) => kind === 'log')
      .every((one) => one.kind === 'log' && one.requestId === answer && one.service === 'shop'),
  ).toBe(true);
});

test('source maps are followed when NODE_OPTIONS says so', async () => {
  const map = Buffer.from(JSON.stringify({ version: 3, sources: ['order.ts'], names: [], mappings: 'AAAA' })).toString('base64');
  const source = `exports.handler = async () => { throw new Error('mapped'); };\n//# sourceMappingURL=data:application/json;base64,${map}\n`;
  await cloud.define('mapped', source, { Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } } });
  expect(JSON.stringify((await cloud.invoke('mapped')).answer)).toContain('order.ts');
});

test('a package that lies around the archive, but not in it, is missing here as on AWS', async () => {
  mkdirSync(join(cloud.folder, 'node_modules/lying-around'), { recursive: true });
  writeFileSync(join(cloud.folder, 'node_modules/lying-around/index.js'), 'module.exports = 1;');
  await cloud.define('leaky', {
    'index.js': `exports.handler = async () => require('lying-around');`,
    'esm.mjs': `import 'lying-around'; export const handler = async () => 1;`,
  });
  expect((await cloud.invoke('leaky')).answer).toMatchObject({
    errorMessage: `Cannot find package 'lying-around': it is not in the function's archive`,
  });
  await cloud.define('module', { 'esm.mjs': `import 'lying-around'; export const handler = async () => 1;` }, { Handler: 'esm.handler' });
  expect((await cloud.invoke('module')).answer).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  await cloud.define('own', {
    'index.js': `exports.handler = async () => require('inside');`,
    'node_modules/inside/index.js': 'module.exports = 2;',
  });
  expect((await cloud.invoke('own')).answer).toBe(2);
});
