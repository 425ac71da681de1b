import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../kernel/aws-error.ts';
import { functionArn, named, roleArn, type TestStepFunctions, testStepFunctions } from './fixture.test-support.ts';

let cloud: TestStepFunctions;
beforeEach(async () => {
  cloud = await testStepFunctions();
});
afterEach(() => cloud.close());

const invoke = 'arn:aws:states:::lambda:invoke';
const putItem = 'arn:aws:states:::aws-sdk:dynamodb:putItem';
const task = (Resource: string, more: object = {}) => ({ Task: { Type: 'Task', Resource, End: true, ...more } });
const sleepy = { Wait: { Type: 'Wait', Seconds: 60, End: true } };

describe('executions', () => {
  test('run to their end, with a history', async () => {
    const ended = await cloud.run(
      {
        One: { Type: 'Pass', Parameters: { 'sum.$': 'States.MathAdd($.a, $.b)', 'name.$': '$$.Execution.Name' }, Next: 'Two' },
        ...{ Two: { Type: 'Succeed' } },
      },
      { a: 1, b: 2 },
    );
    expect(ended).toMatchObject({ status: 'SUCCEEDED', input: '{"a":1,"b":2}' });
    expect(JSON.parse(ended.output!)).toEqual({ sum: 3, name: ended.name });
    expect(await cloud.history(ended.executionArn!)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('of one name begin once while the input is the same, and never again after that', async () => {
    const machine = await cloud.machine(sleepy);
    const first = await cloud.start(machine, { a: 1 }, 'monday');
    expect(await cloud.start(machine, { a: 1 }, 'monday')).toBe(first);
    await expect(cloud.start(machine, { a: 2 }, 'monday')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await cloud.client.send(new StopExecutionCommand({ executionArn: first, error: 'Enough', cause: 'of it' }));
    expect(await cloud.ended(first)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of it' });
    await expect(cloud.start(machine, { a: 1 }, 'monday')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect((await cloud.history(first)).at(-1)).toBe('ExecutionAborted');
  });

  test('are listed by pages, the newest first, and by status', async () => {
    const stateMachineArn = await cloud.machine(sleepy);
    const arns = [];
    for (const name of ['a', 'b', 'c']) arns.push(await cloud.start(stateMachineArn, {}, name));
    const list = async (more: object) => cloud.client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
    const first = await list({ maxResults: 2 });
    expect(first.executions?.map(({ name }) => name)).toEqual(['c', 'b']);
    expect((await list({ nextToken: first.nextToken, maxResults: 2 })).executions?.map(({ name }) => name)).toEqual(['a']);
    await cloud.client.send(new StopExecutionCommand({ executionArn: arns[1]! }));
    expect((await list({ statusFilter: 'RUNNING' })).executions?.map(({ name }) => name)).toEqual(['c', 'a']);
    expect(cloud.engine.machines.describe(stateMachineArn)).toEqual({ running: 2, failed: 0 });
  });

  test('end when their time is over', async () => {
    expect(await cloud.run(sleepy, {}, { TimeoutSeconds: 1 })).toMatchObject({ status: 'TIMED_OUT' });
  });

  test('that go round for ever end with their history full', async () => {
    const ended = await cloud.run({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('25000') });
    const { events } = await cloud.client.send(
      new GetExecutionHistoryCommand({ executionArn: ended.executionArn, maxResults: 1, reverseOrder: true }),
    );
    expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
  }, 60_000);

  test('do not begin with what is no JSON, is too large, or has no name', async () => {
    const stateMachineArn = await cloud.machine(sleepy);
    const start = (more: object) => cloud.client.send(new StartExecutionCommand({ stateMachineArn, ...more }));
    await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start({ input: JSON.stringify('x'.repeat(256 * 1024)) })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start({ name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(cloud.start(`${stateMachineArn}x`)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  test('of branches and items know the input of the whole', async () => {
    const inner = {
      StartAt: 'P',
      States: { P: { Type: 'Pass', Parameters: { 'v.$': '$.v', 'all.$': '$$.Execution.Input.all' }, End: true } },
    };
    const ItemSelector = { 'v.$': '$$.Map.Item.Value' };
    const ended = await cloud.run(
      { M: { Type: 'Map', ItemsPath: '$.items', ItemSelector, ItemProcessor: inner, End: true } },
      { items: [1, 2], all: 7 },
    );
    expect(JSON.parse(ended.output!)).toEqual([
      { v: 1, all: 7 },
      { v: 2, all: 7 },
    ]);
  });
});

describe('tasks', () => {
  test('invoke a function by its ARN, and through lambda:invoke', async () => {
    cloud.answer = (input) => ({ got: input });
    expect((await cloud.run(task(functionArn), { a: 1 })).output).toBe('{"got":{"a":1}}');
    const Parameters = { FunctionName: functionArn, 'Payload.$': '$.a' };
    const ended = await cloud.run(task(invoke, { Parameters, ResultPath: '$.answer' }), { a: 1 });
    expect(JSON.parse(ended.output!)).toEqual({ a: 1, answer: { ExecutedVersion: '$LATEST', Payload: { got: 1 }, StatusCode: 200 } });
    expect(await cloud.history(ended.executionArn!)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('are tried again for the errors that Retry names, and caught by the name and the cause', async () => {
    cloud.answer = () => {
      throw named('OutOfStock', 'no apples');
    };
    const Retry = [{ ErrorEquals: ['OutOfStock'], IntervalSeconds: 0.001, MaxAttempts: 2 }];
    const states = {
      ...task(functionArn, { Retry, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Say' }] }),
      Say: { Type: 'Pass', End: true },
    };
    const ended = await cloud.run(states, { sku: 'apple' });
    expect(cloud.invoked).toHaveLength(3);
    const { sku, error } = JSON.parse(ended.output!) as { sku: string; error: { Error: string; Cause: string } };
    expect([sku, error.Error, JSON.parse(error.Cause)]).toEqual([
      'apple',
      'OutOfStock',
      { errorType: 'OutOfStock', errorMessage: 'no apples' },
    ]);
  });

  test('call an API, whose errors have the name of the service before theirs', async () => {
    const Parameters = { TableName: 'Stock', Item: { sku: { S: 'apple' } } };
    expect(await cloud.run(task(putItem, { Parameters }))).toMatchObject({ status: 'SUCCEEDED', output: '{}' });
    expect(cloud.put).toEqual([Parameters]);
    cloud.answer = () => {
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    };
    const failed = await cloud.run(task(putItem, { Parameters }));
    expect(failed).toMatchObject({
      status: 'FAILED',
      error: 'DynamoDb.ConditionalCheckFailedException',
      cause: 'The conditional request failed',
    });
  });

  test('may do what the role of the state machine may', async () => {
    cloud.denied.add('dynamodb:PutItem').add('lambda:InvokeFunction');
    expect(await cloud.run(task(putItem, { Parameters: {} }))).toMatchObject({ error: 'DynamoDb.AccessDeniedException' });
    expect(await cloud.run(task(functionArn))).toMatchObject({ error: 'Lambda.AWSLambdaException' });
    expect([cloud.put, cloud.invoked]).toEqual([[], []]);
    expect(cloud.kernel.told.filter(({ kind }) => kind === 'denied')).toHaveLength(2);
  });

  test('end when their time is over', async () => {
    cloud.answer = () => new Promise(() => {});
    const ended = await cloud.run(task(functionArn, { TimeoutSeconds: 1 }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await cloud.history(ended.executionArn!)).toContain('TaskTimedOut');
  });

  test('call an API elsewhere, with the names that a task writes', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push([request.headers['x-amz-target'], JSON.parse(body)]);
        const busy = seen.length > 1;
        response
          .writeHead(busy ? 400 : 200)
          .end(busy ? '{"__type":"x#ConflictException","message":"busy"}' : '{"workgroup":{"baseCapacity":16}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    const states = task('arn:aws:states:::aws-sdk:redshiftserverless:updateWorkgroup', {
      Parameters: { WorkgroupName: 'w', BaseCapacity: 16 },
    });
    try {
      expect(await cloud.run(states)).toMatchObject({
        error: 'RedshiftServerless.UnknownEndpointException',
        cause: expect.stringContaining('AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS'),
      });
      cloud.elsewhere.set('redshift-serverless', `http://localhost:${(server.address() as AddressInfo).port}`);
      expect(await cloud.run(states)).toMatchObject({ output: '{"Workgroup":{"BaseCapacity":16}}' });
      expect(await cloud.run(states)).toMatchObject({ error: 'RedshiftServerless.ConflictException', cause: 'busy' });
      expect(seen[0]).toEqual(['RedshiftServerless.UpdateWorkgroup', { workgroupName: 'w', baseCapacity: 16 }]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('tasks that wait for their token', () => {
  const wait = task(`${invoke}.waitForTaskToken`, { Parameters: { FunctionName: functionArn, Payload: { 'token.$': '$$.Task.Token' } } });
  const given = (answer: (taskToken: string) => Promise<unknown>) => (input: unknown) => answer((input as { token: string }).token);

  test('go on with what whoever has it says, even while they are asked', async () => {
    cloud.answer = given((taskToken) =>
      cloud.client.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' })).then(() => null),
    );
    expect(await cloud.run(wait)).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
    cloud.answer = given((taskToken) =>
      cloud.client.send(new SendTaskFailureCommand({ taskToken, error: 'Refused', cause: 'by Ada' })).then(() => null),
    );
    expect(await cloud.run(wait)).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'by Ada' });
  });

  test('fail without a sign of life, and their token is worth nothing then', async () => {
    let taskToken = '';
    cloud.answer = given(async (token) => void (taskToken = token));
    const ended = await cloud.run({ Task: { ...wait.Task, HeartbeatSeconds: 1 } });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    await expect(cloud.client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });
});

describe('state machines', () => {
  test('have their substitutions, and are described', async () => {
    const stateMachineArn = await cloud.machine(
      { P: { Type: 'Pass', Result: { table: '${Table}' }, End: true } },
      { DefinitionSubstitutions: { Table: 'a "b"' } },
    );
    const described = await cloud.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ type: 'STANDARD', roleArn, status: 'ACTIVE', definition: expect.stringContaining('a \\"b\\"') });
    const { stateMachines } = await cloud.client.send(new ListStateMachinesCommand({}));
    expect(stateMachines).toMatchObject([{ stateMachineArn }]);
  });

  test.each([
    ['JSONata', { P: { Type: 'Pass', QueryLanguage: 'JSONata', End: true } }],
    ['variables', { P: { Type: 'Pass', Assign: { a: 1 }, End: true } }],
    [
      'a distributed Map',
      {
        M: {
          Type: 'Map',
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
          End: true,
        },
      },
    ],
    ['a wait of a month', { W: { Type: 'Wait', Seconds: 2_592_000, End: true } }],
    ['a Result that the interpreter passes over', { P: { Type: 'Pass', Result: 0, End: true } }],
    [
      'the item of a Map in its states',
      {
        M: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', Parameters: { 'i.$': '$$.Map.Item.Index' }, End: true } } },
          End: true,
        },
      },
    ],
    ['a task that nothing runs', task('arn:aws:states:::glue:startJobRun.sync')],
    ['a state that is not there', { P: { Type: 'Pass', Next: 'Q' } }],
  ])('with %s are refused', async (_, states) => {
    await expect(cloud.machine(states)).rejects.toMatchObject({ code: 'InvalidDefinition' });
  });

  test('need a role that Step Functions may take', async () => {
    await expect(cloud.machine(sleepy, { RoleArn: 'arn:aws:iam::000000000000:role/other' })).rejects.toThrow('states.amazonaws.com');
  });

  test('of the express kind answer whoever waits for the end', async () => {
    const stateMachineArn = await cloud.machine({ P: { Type: 'Pass', End: true } }, { StateMachineType: 'EXPRESS' });
    const sync = new StartSyncExecutionCommand({ stateMachineArn, input: '{"a":1}' });
    expect(await cloud.client.send(sync)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
    await expect(cloud.client.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    });
  });
});

test('what ran when the cloud ended goes on at the state that it was in, once the state machine is there again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'states-'));
  const states = {
    A: { Type: 'Pass', Result: { from: 'A' }, Next: 'Task' },
    ...task(functionArn, { Parameters: { 'from.$': '$.from', 'began.$': '$$.Execution.Input.n' } }),
  };
  const before = await testStepFunctions(folder);
  before.answer = () => new Promise(() => {});
  const executionArn = await before.start(await before.machine(states, { StateMachineName: 'm' }), { n: 1 });
  while (before.invoked.length === 0) await new Promise(setImmediate);
  await before.close();
  const after = await testStepFunctions(folder);
  try {
    after.answer = (input) => input;
    await after.machine(states, { StateMachineName: 'm' });
    expect(await after.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"from":"A","began":1}' });
    expect((await after.history(executionArn)).filter((type) => type === 'PassStateEntered')).toHaveLength(1);
  } finally {
    await after.close();
    rmSync(folder, { recursive: true });
  }
});
