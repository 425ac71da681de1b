import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Call, JsonService } from '../kernel/call.ts';
import { testKernel } from '../testing/kernel.ts';
import { runAndKill } from '../testing/killed.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb.ts';

const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;
const callOf = (operation: string, input: object): Call => ({
  service: 'dynamodb',
  operation,
  input: input as Record<string, unknown>,
  caller: root,
  region: 'us-east-1',
});
const hashKey = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};

let clock = 0;
let engine: DynamoDb;
const api = (operation: string, input: object, service = 0): Promise<Record<string, unknown>> =>
  (engine.services[service] as JsonService).handle(callOf(operation, input)) as Promise<Record<string, unknown>>;
const apply = (properties: object, logicalId = 'Stock') =>
  engine.resourceTypes[0]!.apply({
    logicalId,
    properties: properties as never,
    stackName: 'larder-local',
    service: 's',
    packageDirectory: '',
  });

beforeEach(async () => {
  clock = 0;
  engine = await createDynamoDb(testKernel({ now: () => Date.now() + clock }));
});
afterEach(() => engine.close());

describe('streams', () => {
  const view = (StreamViewType: string) => ({ ...hashKey, TableName: 'Stock', StreamSpecification: { StreamViewType } });
  const records = async (streamArn: string) => {
    const [shard] = await engine.streams.shards(streamArn);
    return engine.streams.read(streamArn, shard!, 'TRIM_HORIZON', 100);
  };
  const streamOf = async (properties: object): Promise<string> => String((await apply(properties)).attributes['StreamArn']);

  test('each write is one record, in order, with what the view type asks for', async () => {
    const stream = await streamOf(view('NEW_AND_OLD_IMAGES'));
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' }, n: { N: '1' } } });
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' }, n: { N: '2' } } });
    await api('DeleteItem', { TableName: 'Stock', Key: { id: { S: 'a' } } });
    const found = await records(stream);
    expect(found.map(({ entry }) => entry['eventName'])).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(found[1]?.entry).toMatchObject({
      eventSource: 'aws:dynamodb',
      eventSourceARN: stream,
      dynamodb: {
        Keys: { id: { S: 'a' } },
        OldImage: { n: { N: '1' } },
        NewImage: { n: { N: '2' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(BigInt(found[1]!.sequenceNumber)).toBeGreaterThan(BigInt(found[0]!.sequenceNumber));
  });

  test.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
  ])('%s holds a new image: %s, an old one: %s', async (type, newImage, oldImage) => {
    const stream = await streamOf(view(type));
    for (const N of ['1', '2']) await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' }, n: { N } } });
    const { dynamodb } = (await records(stream))[1]!.entry as { dynamodb: object };
    expect(['NewImage' in dynamodb, 'OldImage' in dynamodb]).toEqual([newImage, oldImage]);
  });

  test('a write that changes nothing, fails, or belongs to a cancelled transaction leaves no record', async () => {
    const stream = await streamOf(view('NEW_IMAGE'));
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' }, x: { S: '1' }, y: { S: '2' } } });
    await api('PutItem', { TableName: 'Stock', Item: { y: { S: '2' }, x: { S: '1' }, id: { S: 'a' } } });
    await api('DeleteItem', { TableName: 'Stock', Key: { id: { S: 'none' } } });
    const absent = { ConditionExpression: 'attribute_not_exists(id)' };
    await expect(api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' } }, ...absent })).rejects.toThrow();
    const TransactItems = ['b', 'a'].map((S) => ({ Put: { TableName: 'Stock', Item: { id: { S } }, ...absent } }));
    await expect(api('TransactWriteItems', { TransactItems })).rejects.toThrow();
    expect(await records(stream)).toHaveLength(1);
  });

  test('who listens is woken after the commit, once for a transaction, and finds its records', async () => {
    const stream = await streamOf(view('NEW_IMAGE'));
    const seen: number[] = [];
    const stop = engine.streams.onRecords(stream, () => void records(stream).then((found) => seen.push(found.length)));
    await api('TransactWriteItems', { TransactItems: ['a', 'b'].map((S) => ({ Put: { TableName: 'Stock', Item: { id: { S } } } })) });
    await new Promise(setImmediate);
    stop();
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'c' } } });
    await new Promise(setImmediate);
    expect(seen).toEqual([2]);
  });

  test('reading on after LATEST gives what came after it, and nothing before', async () => {
    const stream = await streamOf(view('NEW_IMAGE'));
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'before' } } });
    const [shard] = await engine.streams.shards(stream);
    const latest = await engine.streams.latest(stream, shard!);
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'after' } } });
    const found = await engine.streams.read(stream, shard!, latest, 10);
    expect(found.map(({ entry }) => (entry['dynamodb'] as { Keys: object }).Keys)).toEqual([{ id: { S: 'after' } }]);
  });

  test('records are there for 24 hours, and no longer', async () => {
    const stream = await streamOf(view('KEYS_ONLY'));
    const put = (S: string) => api('PutItem', { TableName: 'Stock', Item: { id: { S } } });
    await put('old');
    const [old] = await records(stream);
    clock += 23 * 3_600_000;
    await put('new');
    engine.sweep();
    expect(await records(stream)).toHaveLength(2);
    clock += 3_600_001;
    engine.sweep();
    expect((await records(stream)).map(({ entry }) => entry)).toMatchObject([{ dynamodb: { Keys: { id: { S: 'new' } } } }]);
    const [shard] = await engine.streams.shards(stream);
    expect(await engine.streams.read(stream, shard!, old!.sequenceNumber, 10)).toHaveLength(1);
    const position = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: old!.sequenceNumber };
    await expect(api('GetShardIterator', { StreamArn: stream, ShardId: shard, ...position }, 1)).rejects.toMatchObject({
      code: 'TrimmedDataAccessException',
    });
  });

  test('the API reads the same records through iterators', async () => {
    const StreamArn = await streamOf(view('NEW_IMAGE'));
    for (const S of ['a', 'b']) await api('PutItem', { TableName: 'Stock', Item: { id: { S } } });
    const { StreamDescription } = await api('DescribeStream', { StreamArn }, 1);
    const { ShardId } = (StreamDescription as { Shards: { ShardId: string }[] }).Shards[0]!;
    const { ShardIterator } = await api('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }, 1);
    const first = (await api('GetRecords', { ShardIterator, Limit: 1 }, 1)) as { Records: object[]; NextShardIterator: string };
    const second = (await api('GetRecords', { ShardIterator: first.NextShardIterator }, 1)) as { Records: object[] };
    expect([first.Records, second.Records]).toMatchObject([
      [{ dynamodb: { Keys: { id: { S: 'a' } } } }],
      [{ dynamodb: { Keys: { id: { S: 'b' } } } }],
    ]);
  });
});

test('a token is good for ten minutes: after that the same request is a new one', async () => {
  await apply({ ...hashKey, TableName: 'Stock' });
  const Update = {
    TableName: 'Stock',
    Key: { id: { S: 'a' } },
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  };
  const add = () => api('TransactWriteItems', { ClientRequestToken: 't', TransactItems: [{ Update }] });
  const sum = async () => ((await api('GetItem', { TableName: 'Stock', Key: Update.Key })) as { Item: { n: { N: string } } }).Item.n.N;
  await add();
  clock += 10 * 60_000 - 1_000;
  await add();
  expect(await sum()).toBe('1');
  clock += 2_000;
  await add();
  expect(await sum()).toBe('2');
});

describe('time to live', () => {
  test('what expired is deleted by a sweep, later, and the stream says that DynamoDB did it', async () => {
    const { attributes } = await apply({
      ...hashKey,
      TableName: 'Inbox',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'OLD_IMAGE' },
    });
    const in60 = String(Math.floor(Date.now() / 1000) + 60);
    const items = [
      { id: { S: 'soon' }, expiresAt: { N: in60 } },
      { id: { S: 'text' }, expiresAt: { S: in60 } },
      { id: { S: 'long ago' }, expiresAt: { N: '1' } },
      { id: { S: 'never' } },
    ];
    for (const Item of items) await api('PutItem', { TableName: 'Inbox', Item });
    expect(engine.sweep()).toBe(0);
    clock = 61_000;
    expect((await api('GetItem', { TableName: 'Inbox', Key: { id: { S: 'soon' } } }))['Item']).toBeDefined();
    expect(engine.sweep()).toBe(1);
    expect((await api('Scan', { TableName: 'Inbox' }))['Count']).toBe(3);
    const stream = String(attributes['StreamArn']);
    const [shard] = await engine.streams.shards(stream);
    const last = (await engine.streams.read(stream, shard!, 'TRIM_HORIZON', 10)).at(-1);
    expect(last?.entry).toMatchObject({ eventName: 'REMOVE', userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } });
  });

  test('set on a table with items it counts for those too', async () => {
    await apply({ ...hashKey, TableName: 'Inbox' });
    await api('PutItem', { TableName: 'Inbox', Item: { id: { S: 'a' }, at: { N: String(Math.floor(Date.now() / 1000) - 5) } } });
    await api('UpdateTimeToLive', { TableName: 'Inbox', TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } });
    expect(await api('DescribeTimeToLive', { TableName: 'Inbox' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'at' },
    });
    expect(engine.sweep()).toBe(1);
  });
});

describe('AWS::DynamoDB::Table', () => {
  const withIndex = {
    ...hashKey,
    TableName: 'Stock',
    AttributeDefinitions: [...hashKey.AttributeDefinitions, { AttributeName: 'kind', AttributeType: 'S' }],
    GlobalSecondaryIndexes: [
      { IndexName: 'byKind', KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } },
    ],
  };
  const byKind = {
    TableName: 'Stock',
    IndexName: 'byKind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': { S: 'fruit' } },
  };

  test('an index that the template gains is filled with the items that are there, and one that it loses is gone', async () => {
    await apply({ ...hashKey, TableName: 'Stock' });
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' }, kind: { S: 'fruit' } } });
    await apply(withIndex);
    expect((await api('Query', byKind))['Count']).toBe(1);
    await apply({ ...hashKey, TableName: 'Stock' });
    await expect(api('Query', byKind)).rejects.toMatchObject({ code: 'ValidationException' });
    expect((await api('Scan', { TableName: 'Stock' }))['Count']).toBe(1);
  });

  test('applied again it keeps the stream; a view type that changed is a new one', async () => {
    const stream = (StreamViewType: string) => apply({ ...hashKey, TableName: 'Stock', StreamSpecification: { StreamViewType } });
    const first = await stream('NEW_IMAGE');
    clock = 5;
    expect(await stream('NEW_IMAGE')).toEqual(first);
    expect((await stream('KEYS_ONLY')).attributes['StreamArn']).not.toBe(first.attributes['StreamArn']);
  });

  test('numbers may be text, as parameters of templates give them', async () => {
    const ProvisionedThroughput = { ReadCapacityUnits: '5', WriteCapacityUnits: '6' };
    const [index] = withIndex.GlobalSecondaryIndexes;
    const properties = { ...withIndex, BillingMode: undefined, ProvisionedThroughput };
    await apply({ ...properties, GlobalSecondaryIndexes: [{ ...index, ProvisionedThroughput }] });
    const { Table } = (await api('DescribeTable', { TableName: 'Stock' })) as { Table: object };
    const numbers = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
    expect(Table).toMatchObject({ ProvisionedThroughput: numbers, GlobalSecondaryIndexes: [{ ProvisionedThroughput: numbers }] });
  });

  test('another key is refused with a sentence that says what to do, and nothing is lost', async () => {
    await apply({ ...hashKey, TableName: 'Stock' });
    await api('PutItem', { TableName: 'Stock', Item: { id: { S: 'a' } } });
    const other = {
      ...hashKey,
      KeySchema: [{ AttributeName: 'sku', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'sku', AttributeType: 'S' }],
    };
    await expect(apply({ ...other, TableName: 'Stock' })).rejects.toThrow(
      /another key that cannot be changed. Give the table another name/,
    );
    expect((await api('Scan', { TableName: 'Stock' }))['Count']).toBe(1);
  });

  test('without a name it is given one that stays the same, and protection is kept to', async () => {
    const { physicalId } = await apply({ ...hashKey, DeletionProtectionEnabled: true });
    expect(physicalId).toMatch(/^larder-local-Stock-[0-9A-F]{12}$/);
    expect((await apply({ ...hashKey, DeletionProtectionEnabled: true })).physicalId).toBe(physicalId);
    await expect(engine.resourceTypes[0]!.remove(physicalId)).rejects.toThrow(/protected against deletion/);
  });
});

test('IAM is asked for each action of a transaction, for an index of a query, and for the leading keys', async () => {
  await apply({ ...hashKey, TableName: 'Stock' });
  const permissions = (operation: string, input: object) =>
    engine.services[0]!.protocol === 'json' && engine.services[0]!.permissions(callOf(operation, input));
  const resource = 'arn:aws:dynamodb:us-east-1:000000000000:table/Stock';
  const context = { 'dynamodb:LeadingKeys': ['a'] };
  const Key = { id: { S: 'a' } };
  const TransactItems = [
    { Put: { TableName: 'Stock', Item: Key } },
    { Update: { TableName: 'Stock', Key } },
    { Delete: { TableName: resource, Key } },
    { ConditionCheck: { TableName: 'Stock', Key, ConditionExpression: 'attribute_exists(id)' } },
  ];
  expect(permissions('TransactWriteItems', { TransactItems })).toEqual(
    ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => ({ action: `dynamodb:${action}`, resource, context })),
  );
  expect(permissions('Query', { TableName: 'Stock', IndexName: 'byKind' })).toEqual([
    { action: 'dynamodb:Query', resource: `${resource}/index/byKind` },
  ]);
  expect(permissions('BatchWriteItem', { RequestItems: { Stock: [{ DeleteRequest: { Key } }] } })).toEqual([
    { action: 'dynamodb:BatchWriteItem', resource, context },
  ]);
});

test('a transaction takes the ARN of a table for its name', async () => {
  const { attributes } = await apply({ ...hashKey, TableName: 'Stock' });
  const TableName = attributes['Arn'];
  await api('TransactWriteItems', { TransactItems: [{ Put: { TableName, Item: { id: { S: 'a' } } } }] });
  const read = await api('TransactGetItems', { TransactItems: [{ Get: { TableName, Key: { id: { S: 'a' } } } }] });
  expect(read).toEqual({ Responses: [{ Item: { id: { S: 'a' } } }] });
});

test('what was answered outlives a process that is killed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  try {
    runAndKill(
      import.meta.url,
      directory,
      `const { createDynamoDb } = await load('./dynamodb.ts');
       const { testKernel } = await load('../testing/kernel.ts');
       const { services: [service] } = await createDynamoDb(testKernel({ stateDirectory: directory }));
       const call = (operation, input) => service.handle({ operation, input });
       await call('CreateTable', { TableName: 'Kept', ...${JSON.stringify(hashKey)} });
       await call('TransactWriteItems', { ClientRequestToken: 't', TransactItems: [{ Put: { TableName: 'Kept', Item: { id: { S: 'a' } } } }] });`,
    );
    const after = await createDynamoDb(testKernel({ stateDirectory: directory }));
    const service = after.services[0] as JsonService;
    expect(await service.handle(callOf('Scan', { TableName: 'Kept' }))).toMatchObject({ Items: [{ id: { S: 'a' } }] });
    const other = { ClientRequestToken: 't', TransactItems: [{ Put: { TableName: 'Kept', Item: { id: { S: 'b' } } } }] };
    await expect(service.handle(callOf('TransactWriteItems', other))).rejects.toMatchObject({
      code: 'IdempotentParameterMismatchException',
    });
    await after.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 30_000);

test('conditional updates in any order leave what a model leaves', async () => {
  await apply({ ...hashKey, TableName: 'Stock' });
  const command = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('reserve', 'release', 'restock', 'remove'),
    n: fc.integer({ min: 1, max: 5 }),
  });
  const amount = (n: number) => ({ ':n': { N: String(n) } });
  const requests = {
    reserve: (n: number) => ({
      UpdateExpression: 'SET stock = stock - :n',
      ConditionExpression: 'stock >= :n',
      ExpressionAttributeValues: amount(n),
    }),
    release: (n: number) => ({
      UpdateExpression: 'SET stock = stock + :n',
      ConditionExpression: 'attribute_exists(stock)',
      ExpressionAttributeValues: amount(n),
    }),
    restock: (n: number) => ({ UpdateExpression: 'ADD stock :n', ExpressionAttributeValues: amount(n) }),
    remove: () => ({ ConditionExpression: 'attribute_not_exists(stock) OR stock < :n', ExpressionAttributeValues: amount(3) }),
  };
  const model = {
    reserve: (have: number | undefined, n: number) => (have !== undefined && have >= n ? have - n : 'refused'),
    release: (have: number | undefined, n: number) => (have !== undefined ? have + n : 'refused'),
    restock: (have: number | undefined, n: number) => (have ?? 0) + n,
    remove: (have: number | undefined) => (have === undefined || have < 3 ? undefined : 'refused'),
  };
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
      for (const S of ['a', 'b', 'c']) await api('DeleteItem', { TableName: 'Stock', Key: { id: { S } } });
      const expected = new Map<string, number | undefined>();
      for (const { id, kind, n } of commands) {
        const operation = kind === 'remove' ? 'DeleteItem' : 'UpdateItem';
        const outcome = model[kind](expected.get(id), n);
        const answer = await api(operation, { TableName: 'Stock', Key: { id: { S: id } }, ...requests[kind](n) }).then(
          () => 'done',
          (error: { code: string }) => error.code,
        );
        expect(answer).toBe(outcome === 'refused' ? 'ConditionalCheckFailedException' : 'done');
        if (outcome !== 'refused') expected.set(id, outcome);
      }
      for (const [id, have] of expected) {
        const { Item } = (await api('GetItem', { TableName: 'Stock', Key: { id: { S: id } } })) as { Item?: { stock: { N: string } } };
        expect(Item && Number(Item.stock.N)).toBe(have);
      }
    }),
    { numRuns: 60 },
  );
});
