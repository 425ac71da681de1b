import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contextOf } from './aws-events.fixture.ts';
import { dynamodb } from './aws/dynamodb.ts';
import { eventbridge } from './aws/eventbridge.ts';
import { sqs } from './aws/sqs.ts';
import { toAwsFailure } from './aws/failure.ts';
import { ssm } from './aws/ssm.ts';
import { ConditionFailed } from './errors.ts';
import { toInvocation, within } from './invocation.ts';
import { tables } from './table.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answers: Answer[] = [];
let seen: { headers: IncomingMessage['headers']; body: string }[] = [];

const json =
  (status: number, body: object): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ORDERS_BY_CUSTOMER_TABLE: 'larder-test-orders-by-customer',
  });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

beforeEach(() => {
  seen = [];
});

describe('the clients of AWS', () => {
  const Key = { id: { S: 'a' } };
  const get = () => dynamodb.getItem({ TableName: 'T', Key });

  it('speak as the API reference has it, signed, with the trace of the work at hand', async () => {
    answers = [json(200, { Item: Key })];
    const invocation = { ...toInvocation(contextOf()), traceHeader: 'Root=1-0-0' };
    expect(await within(invocation, get)).toMatchObject({ Item: Key });
    expect(seen[0]).toMatchObject({
      headers: {
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'x-amzn-trace-id': 'Root=1-0-0',
        authorization: expect.stringContaining('/us-east-1/dynamodb/aws4_request'),
      },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ TableName: 'T', Key });
  });

  it('give every message of a batch its own trace', async () => {
    answers = [json(200, {})];
    const invocation = toInvocation(contextOf());
    await Promise.all(['Root=1-0-1', 'Root=1-0-2'].map((traceHeader) => within({ ...invocation, traceHeader }, get)));
    expect(seen.map(({ headers }) => headers['x-amzn-trace-id']).sort()).toEqual(['Root=1-0-1', 'Root=1-0-2']);
  });

  it.each([
    ['a server error', json(500, { __type: 'InternalServerError' })],
    ['a throttle', json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' })],
    ['a dropped connection', ((request) => request.socket.destroy()) as Answer],
  ])('try again after %s', async (_, failure) => {
    answers = [failure, json(200, {})];
    await get();
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['a transaction', () => dynamodb.transactWriteItems({ TransactItems: [] })],
    ['a publication', () => eventbridge.putEvents({ Entries: [] })],
  ])('leave it to the kit to try %s again', async (_, ask) => {
    answers = [json(500, { __type: 'InternalServerError' })];
    await expect(ask()).rejects.toMatchObject({ awsCode: 'InternalServerError', status: 500 });
    expect(seen).toHaveLength(1);
  });

  it('throw what AWS names, at once when trying again cannot help', async () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: Key }];
    answers = [json(400, { __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException', Message: 'no', CancellationReasons })];
    await expect(dynamodb.transactWriteItems({ TransactItems: [] })).rejects.toMatchObject({
      code: 'AWS_CALL_FAILED',
      awsCode: 'TransactionCanceledException',
      status: 400,
      members: { CancellationReasons },
    });
  });

  it('name an answer that is none of AWS', async () => {
    answers = [(_, response) => response.writeHead(502).end('<html>')];
    await expect(eventbridge.putEvents({ Entries: [] })).rejects.toMatchObject({ code: 'AWS_CALL_FAILED', status: 502 });
  });

  it('do not wait for an answer beyond the end of the invocation', async () => {
    answers = [() => undefined];
    const ask = () => ssm.getParameter({ Name: 'n' });
    await expect(within(toInvocation(contextOf(300)), ask)).rejects.toMatchObject({ awsCode: 'Timeout', status: 0 });
    // Left to itself, the client would wait for five seconds and try again.
    expect(seen).toHaveLength(1);
  });

  it('send a message to the address of its queue', async () => {
    answers = [json(200, { MessageId: '1', MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' })];
    expect(await sqs.sendMessage({ QueueUrl: `${process.env.AWS_ENDPOINT_URL}/000000000000/kit`, MessageBody: 'a' })).toMatchObject({
      MessageId: '1',
    });
    expect(seen[0]?.headers['x-amz-target']).toBe('AmazonSQS.SendMessage');
  });
});

describe('toAwsFailure', () => {
  it.each([
    ['a reset connection', { name: 'TimeoutError', code: 'ECONNRESET' }, { awsCode: 'NetworkError', status: 0 }],
    ['a name without an address', { code: 'ENOTFOUND' }, { awsCode: 'NetworkError', status: 0 }],
    ['a late answer', { name: 'TimeoutError', code: 'ETIMEDOUT' }, { awsCode: 'Timeout', status: 0 }],
    ['the end of the invocation', { name: 'AbortError' }, { awsCode: 'Timeout', status: 0 }],
    ['an exception', { name: 'Teapot', $metadata: { httpStatusCode: 418 } }, { awsCode: 'Teapot', status: 418 }],
  ])('says what %s is', (_, members, failure) => {
    const error = Object.assign(new Error('no'), members);
    expect(toAwsFailure(error)).toMatchObject({ ...failure, code: 'AWS_CALL_FAILED', cause: error });
  });

  it.each([
    ['a mistake in an input', new TypeError('no')],
    ['what Node refuses', Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' })],
  ])('leaves %s as it is', (_, error) => {
    expect(toAwsFailure(error)).toBe(error);
  });
});

describe('table', () => {
  const table = tables(dynamodb)<{ customerId: string; total?: number }>('OrdersByCustomer');

  it('finds its name in the environment, and speaks in plain values', async () => {
    answers = [json(200, { Item: { customerId: { S: 'c1' }, total: { N: '3' } } })];
    expect(table.name).toBe('larder-test-orders-by-customer');
    expect(await table.get({ customerId: 'c1' }, { consistent: true })).toEqual({ customerId: 'c1', total: 3 });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ TableName: table.name, Key: { customerId: { S: 'c1' } }, ConsistentRead: true });
  });

  it('throws the item that stood in the way of a write', async () => {
    answers = [json(400, { __type: 'x#ConditionalCheckFailedException', message: 'no', Item: { customerId: { S: 'c1' } } })];
    const error = await table
      .put({ customerId: 'c1' }, { condition: 'attribute_not_exists(customerId)' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionFailed);
    expect(error).toMatchObject({ items: [{ customerId: 'c1' }] });
  });

  it('asks again for keys that were put off', async () => {
    const name = table.name;
    const Keys = [{ customerId: { S: 'c2' } }];
    answers = [
      json(200, { Responses: { [name]: [{ customerId: { S: 'c1' } }] }, UnprocessedKeys: { [name]: { Keys } } }),
      json(200, { Responses: { [name]: [{ customerId: { S: 'c2' } }] }, UnprocessedKeys: {} }),
    ];
    expect(await table.getMany([{ customerId: 'c1' }, { customerId: 'c2' }])).toEqual([{ customerId: 'c1' }, { customerId: 'c2' }]);
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({ RequestItems: { [name]: { Keys } } });
  });

  it('reads a page, the newest first, and says where the next one begins', async () => {
    answers = [json(200, { Items: [{ customerId: { S: 'c1' } }], LastEvaluatedKey: { customerId: { S: 'c1' } } })];
    const page = await table.query({
      where: 'customerId = :c',
      values: { ':c': 'c1' },
      descending: true,
      limit: 1,
      after: { customerId: 'c0' },
    });
    expect(page).toEqual({ items: [{ customerId: 'c1' }], last: { customerId: 'c1' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      ScanIndexForward: false,
      Limit: 1,
      ExclusiveStartKey: { customerId: { S: 'c0' } },
    });
  });

  it('reads all pages', async () => {
    const page = (id: string, last?: object) => json(200, { Items: [{ customerId: { S: id } }], ...last });
    answers = [page('c1', { LastEvaluatedKey: { customerId: { S: 'c1' } } }), page('c2')];
    const query = { where: 'customerId > :c', values: { ':c': 'c0' }, consistent: true };
    expect(await table.queryAll(query)).toEqual([{ customerId: 'c1' }, { customerId: 'c2' }]);
    expect(seen.map(({ body }) => JSON.parse(body) as object)).toEqual([
      expect.not.objectContaining({ ExclusiveStartKey: expect.anything() }),
      expect.objectContaining({ ExclusiveStartKey: { customerId: { S: 'c1' } }, ConsistentRead: true }),
    ]);
  });
});
