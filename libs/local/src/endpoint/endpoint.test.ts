import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createIam, type Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsService, Call, Caller, JsonService, RestService } from '../kernel/call.ts';
import type { CallFault } from '../kernel/faults.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createSts } from '../sts/sts.ts';
import { createEndpoint, type Endpoint, PortInUse } from './endpoint.ts';

const ROLE = 'arn:aws:iam::000000000000:role/r';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/';
let endpoint: Endpoint;
let port: number;
let iam: Iam;
let kernel: TestKernel;
let calls: Call[];
let crashed: [Caller, string | undefined][];
let fault: CallFault | undefined;
let fail: unknown;

const dynamodb: JsonService = {
  protocol: 'json',
  signingName: 'dynamodb',
  targetPrefix: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  operations: ['GetItem', 'PutItem'],
  permissions: ({ operation, input }) => [{ action: `dynamodb:${operation}`, resource: `${TABLE}${String(input['TableName'])}` }],
  handle: async (call) => {
    calls.push(call);
    if (fail) throw fail;
    return { Item: { id: { S: 'ä' } } };
  },
};
const sqs: JsonService = {
  protocol: 'json',
  signingName: 'sqs',
  targetPrefix: 'AmazonSQS',
  jsonVersion: '1.0',
  permissions: () => [],
  handle: () => Promise.reject(new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.')),
};
const lambda: RestService = {
  protocol: 'rest',
  signingName: 'lambda',
  permissions: () => [{ action: 'lambda:InvokeFunction', resource: 'arn:f' }],
  handle: async ({ path, body }) => {
    if (path.includes('none')) throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
    return { status: 200, body };
  },
};

beforeEach(async () => {
  calls = [];
  crashed = [];
  fault = undefined;
  fail = undefined;
  kernel = testKernel({ now: Date.now });
  kernel.faults = { onCall: () => fault };
  const engine = await createIam(kernel);
  iam = engine.iam;
  await engine.resourceTypes[0]?.apply({
    logicalId: 'Role',
    stackName: 'shop-local',
    service: 'shop',
    packageDirectory: '',
    properties: {
      RoleName: 'r',
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: `${TABLE}orders` }],
          },
        },
      ],
    },
  });
  const services: AwsService[] = [dynamodb, sqs, lambda, ...(await createSts(kernel)).services];
  const routes = [
    {
      method: 'GET',
      path: '/{poolId}/.well-known/jwks.json',
      handle: ({ params }: { params: object }) => ({ status: 200, body: JSON.stringify(params) }),
    },
    {
      method: '*',
      path: '/_local/tree/*',
      handle: ({ path, body }: { path: string; body: Buffer }) => ({ status: 200, body: `${path} ${body.toString()}` }),
    },
    {
      method: 'GET',
      path: '/_local/stream',
      handle: () => ({
        status: 200,
        body: (async function* () {
          yield 'one ';
          yield 'two';
        })(),
      }),
    },
  ];
  endpoint = createEndpoint(kernel, { services, iam, routes, crash: (caller, trace) => void crashed.push([caller, trace]) });
  port = await endpoint.listen(0);
});

afterEach(() => endpoint.close());

const config = (
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = { accessKeyId: 'a', secretAccessKey: 'b' },
) => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});
const asFunction = () => config(iam.credentialsFor({ roleArn: ROLE, functionName: 'f' }));
const get = (TableName: string): GetItemCommand => new GetItemCommand({ TableName, Key: { id: { S: '1' } } });

describe('the protocols of AWS', () => {
  it('answers a JSON call with request id and checksum', async () => {
    const answer = await new DynamoDBClient(config()).send(get('orders'));
    expect(answer.Item).toEqual({ id: { S: 'ä' } });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(calls[0]).toMatchObject({
      service: 'dynamodb',
      operation: 'GetItem',
      region: 'us-east-1',
      caller: { kind: 'root' },
      input: { TableName: 'orders' },
    });
  });

  it('answers an error that the SDK knows by its class, with its further members', async () => {
    fail = new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, { Item: { id: { S: '1' } } });
    const call = new DynamoDBClient(config()).send(new PutItemCommand({ TableName: 'orders', Item: {} }));
    await expect(call).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { id: { S: '1' } },
    });
  });

  it('gives SQS its query error code beside the shape', async () => {
    const call = new SQSClient(config()).send(new ReceiveMessageCommand({ QueueUrl: `http://127.0.0.1:${port}/000000000000/none` }));
    await expect(call).rejects.toMatchObject({ name: 'QueueDoesNotExist', Code: 'AWS.SimpleQueueService.NonExistentQueue' });
  });

  it('speaks REST for Lambda', async () => {
    const client = new LambdaClient(config());
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: 'f', Payload: '{"a":1}' }));
    expect(Payload?.transformToString()).toBe('{"a":1}');
    await expect(client.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('tells by STS who calls', async () => {
    expect(await new STSClient(config()).send(new GetCallerIdentityCommand())).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:root',
      Account: '000000000000',
    });
    const { Arn, UserId } = await new STSClient(asFunction()).send(new GetCallerIdentityCommand());
    expect([Arn, UserId]).toEqual(['arn:aws:sts::000000000000:assumed-role/r/f', expect.stringMatching(/^AROA\w{17}:f$/)]);
    await expect(new STSClient(config()).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 's' }))).rejects.toThrow(
      'AssumeRole does not run here',
    );
  });

  it('says nothing of the inside when a service fails unexpectedly, but tells the terminal', async () => {
    fail = new Error('inner detail');
    const error: Error = await new DynamoDBClient(config()).send(get('orders')).then(
      () => new Error('answered'),
      (reason: Error) => reason,
    );
    expect([error.name, error.message.includes('inner')]).toEqual(['InternalFailure', false]);
    expect(kernel.told).toContainEqual(
      expect.objectContaining({ kind: 'notice', level: 'error', message: expect.stringContaining('inner detail') }),
    );
  });

  it('names what there is when somebody asks for something else', async () => {
    const ask = async (target: string): Promise<unknown> =>
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'x-amz-target': target } })).json();
    expect(await ask('DynamoDB_20120810.Scan')).toEqual({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('GetItem, PutItem'),
    });
    expect(await ask('Kinesis_20131202.PutRecord')).toEqual({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('AmazonSQS'),
    });
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });
});

describe('IAM', () => {
  it('lets a function do what its role allows', async () => {
    await new DynamoDBClient(asFunction()).send(get('orders'));
    expect(calls[0]?.caller).toMatchObject({ kind: 'function', functionName: 'f', roleArn: ROLE });
  });

  it('denies anything else and names the missing statement', async () => {
    const call = new DynamoDBClient(asFunction()).send(get('stock'));
    await expect(call).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized to perform: dynamodb:GetItem on resource: ${TABLE}stock because no identity-based policy allows the dynamodb:GetItem action`,
      ),
    });
    expect(calls).toHaveLength(0);
    expect(kernel.told).toContainEqual(
      expect.objectContaining({ kind: 'denied', functionName: 'f', action: 'dynamodb:GetItem', enforced: true }),
    );
    await expect(new LambdaClient(asFunction()).send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('only warns when it is told to', async () => {
    kernel.iam = 'warn';
    await new DynamoDBClient(asFunction()).send(get('stock'));
    expect(kernel.told).toContainEqual(expect.objectContaining({ kind: 'denied', enforced: false }));
  });
});

describe('faults on purpose', () => {
  const call = (): Promise<unknown> => new DynamoDBClient(asFunction()).send(get('orders'));

  it('never meet root', async () => {
    fault = { kind: 'error', code: 'X', message: 'x', status: 500 };
    await new DynamoDBClient(config()).send(get('orders'));
  });

  it('error: answers instead of the call', async () => {
    fault = { kind: 'error', code: 'TransactionConflictException', message: 'conflict', status: 400 };
    await expect(call()).rejects.toMatchObject({ name: 'TransactionConflictException' });
    expect(calls).toHaveLength(0);
  });

  it('lose-reply: makes the call and drops the connection', async () => {
    fault = { kind: 'lose-reply' };
    await expect(call()).rejects.toThrow('socket hang up');
    expect(calls).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('crash: ends the caller %s the call', async (moment) => {
    fault = { kind: 'crash', when: moment };
    await expect(call()).rejects.toThrow();
    expect([calls.length, crashed[0]?.[0]]).toEqual([moment === 'before' ? 0 : 1, expect.objectContaining({ functionName: 'f' })]);
  });

  it('delay: waits first', async () => {
    fault = { kind: 'delay', ms: 60 };
    const started = performance.now();
    await call();
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  it('replace: makes another call and changes its answer', async () => {
    fault = { kind: 'replace', input: { TableName: 'other' }, answer: () => ({ Item: { id: { S: 'changed' } } }) };
    expect(await call()).toMatchObject({ Item: { id: { S: 'changed' } } });
    expect(calls[0]?.input).toEqual({ TableName: 'other' });
  });
});

describe('plain routes', () => {
  it('match segments, prefixes and methods', async () => {
    expect(await (await fetch(`http://127.0.0.1:${port}/us-east-1_x/.well-known/jwks.json`)).json()).toEqual({ poolId: 'us-east-1_x' });
    expect(await (await fetch(`http://127.0.0.1:${port}/_local/tree/a/b?c`, { method: 'PUT', body: 'x' })).text()).toBe(
      '/_local/tree/a/b x',
    );
    expect(await (await fetch(`http://127.0.0.1:${port}/_local/stream`)).text()).toBe('one two');
    expect(await (await fetch(`http://127.0.0.1:${port}/_local/health`)).json()).toEqual({
      status: 'ok',
      services: ['dynamodb', 'lambda', 'sqs', 'sts'],
    });
  });
});

describe('whoever else comes', () => {
  const target = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const post = (body: string | Buffer, headers: Record<string, string> = target): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });

  it('is answered 4xx for what cannot be read', async () => {
    for (const body of ['{', 'null', '[]', '"x"', '\u0000', Buffer.from([0xff, 0xfe])]) {
      const response = await post(body);
      expect([response.status, await response.json()]).toEqual([400, { __type: 'SerializationException', message: expect.any(String) }]);
    }
    expect((await post('x', { ...target, 'content-type': 'application/cbor' })).status).toBe(415);
    for (const odd of ['.', '..', 'x', '.GetItem', 'DynamoDB_20120810.', 'DynamoDB_20120810.__proto__', 'a'.repeat(4000)])
      expect((await post('{}', { 'x-amz-target': odd })).status).toBe(400);
    for (const authorization of [
      'AWS4-',
      'AWS4-HMAC-SHA256 Credential=',
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e',
      'Basic x',
      'AWS4-HMAC-SHA256 Credential=a/b/c/__proto__/e',
    ]) {
      expect((await post('{}', { authorization })).status).toBe(404);
    }
  });

  it('is refused more than 16 MB', async () => {
    const response = await post(Buffer.alloc(16 * 1024 * 1024 + 1));
    expect([response.status, ((await response.json()) as { __type: string }).__type]).toEqual([413, 'RequestEntityTooLargeException']);
  });

  it('is refused when it is a page of the internet', async () => {
    expect((await post('{}', { ...target, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post('{}', { ...target, origin: 'http://shop.localhost:4000' })).headers.get('access-control-allow-origin')).toBe(
      'http://shop.localhost:4000',
    );
    const status = await new Promise<number | undefined>((resolve) => {
      httpRequest({ port, host: '127.0.0.1', headers: { host: 'evil.example:4566' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });

  it('may go away in the middle without harm', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: DynamoDB_20120810.GetItem\r\ncontent-length: 100\r\n\r\n{');
        setTimeout(() => socket.destroy(), 20);
      }).on('close', () => resolve());
    });
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('no http at all\r\n\r\n')).on('close', () => resolve());
      socket.resume();
    });
    expect((await post('{}')).status).toBe(200);
    expect(calls).toHaveLength(1);
  });

  it('gets a clear error when the port is taken', async () => {
    await expect(endpoint.listen(port)).rejects.toThrow(PortInUse);
  });
});
