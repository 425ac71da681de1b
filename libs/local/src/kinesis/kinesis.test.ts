import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { testEndpoint, type TestEndpoint } from '../testing/endpoint.ts';
import { testKernel } from '../testing/kernel.ts';
import { createKinesis, type KinesisEngine } from './kinesis.ts';

let engine: KinesisEngine;
let endpoint: TestEndpoint;
let client: KinesisClient;
let time = Date.parse('2026-11-02T09:30:00.000Z');

beforeAll(async () => {
  engine = await createKinesis({ ...testKernel(), now: () => time });
  endpoint = await testEndpoint(engine.services);
  client = new KinesisClient({ ...endpoint.client, requestHandler: new NodeHttpHandler(), maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await engine.close();
});

let streams = 0;
async function stream(ShardCount = 1): Promise<string> {
  const StreamName = `stream-${(streams += 1)}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  return StreamName;
}
const put = (StreamName: string, PartitionKey: string, text: string, ExplicitHashKey?: string) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text), ExplicitHashKey }));
const shardsOf = async (StreamName: string) => (await client.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
async function textsOf(
  StreamName: string,
  ShardId: string,
  from: { ShardIteratorType?: string; StartingSequenceNumber?: string; Timestamp?: Date } = {},
) {
  const asked = { ShardIteratorType: 'TRIM_HORIZON', ...from } as { ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ...asked }));
  const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return { texts: Records.map(({ Data }) => Buffer.from(Data ?? []).toString()), ended: NextShardIterator === undefined };
}

describe('a stream', () => {
  it('keeps records in order by shard, each where its key is', async () => {
    const name = await stream(2);
    const puts = [];
    for (const key of ['a', 'b', 'c', 'd', 'a', 'b']) puts.push(await put(name, key, key));
    const [low, high] = await shardsOf(name);
    const all = [await textsOf(name, low?.ShardId ?? ''), await textsOf(name, high?.ShardId ?? '')].map(({ texts }) => texts);
    expect(all.flat().sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'd']);
    // MD5 of a begins with 0c, of b with 92, of c with 4a, of d with 82.
    expect(all).toEqual([['a', 'c', 'a'], ['b', 'd', 'b']]); // prettier-ignore
    expect(puts.map(({ SequenceNumber = '' }) => SequenceNumber)).toEqual(puts.map(({ SequenceNumber = '' }) => SequenceNumber).sort());
  });

  it('puts a record where its explicit hash key says', async () => {
    const name = await stream(2);
    const [low] = await shardsOf(name);
    expect((await put(name, 'b', 'x', '0')).ShardId).toBe(low?.ShardId);
    await expect(put(name, 'b', 'x', String(1n << 128n))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('is read from where one says', async () => {
    const name = await stream();
    const [shard] = await shardsOf(name);
    const ShardId = shard?.ShardId ?? '';
    const { SequenceNumber } = await put(name, 'k', 'one');
    time += 1000;
    const Timestamp = new Date(time);
    await put(name, 'k', 'two');
    const at = async (from: Parameters<typeof textsOf>[2]) => (await textsOf(name, ShardId, from)).texts;
    expect(await at({})).toEqual(['one', 'two']);
    expect(await at({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber ?? '' })).toEqual(['one', 'two']);
    expect(await at({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber ?? '' })).toEqual(['two']);
    expect(await at({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toEqual(['two']);
    expect(await at({ ShardIteratorType: 'LATEST' })).toEqual([]);
  });

  it('takes 1,000 records or 1 MB a second and shard, and refuses only what is beyond', async () => {
    const name = await stream();
    const Records = Array.from({ length: 500 }, (_, at) => ({ PartitionKey: 'k', Data: Buffer.from(String(at)) }));
    const send = () => client.send(new PutRecordsCommand({ StreamName: name, Records }));
    time += 1000;
    expect([(await send()).FailedRecordCount, (await send()).FailedRecordCount]).toEqual([0, 0]);
    const { FailedRecordCount, Records: entries = [] } = await send();
    expect([FailedRecordCount, entries[0]?.ErrorCode]).toEqual([500, 'ProvisionedThroughputExceededException']);
    await expect(put(name, 'k', 'x')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    time += 1000;
    const large = Array.from({ length: 3 }, () => ({ PartitionKey: 'k', Data: Buffer.alloc(400_000) }));
    const partly = await client.send(new PutRecordsCommand({ StreamName: name, Records: large }));
    expect(partly.Records?.map(({ ErrorCode }) => ErrorCode === undefined)).toEqual([true, true, false]);
  });

  it('is split and merged: what came before stands in the old shards, which end', async () => {
    const name = await stream();
    await put(name, 'a', 'before');
    const [parent] = await shardsOf(name);
    await client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: parent?.ShardId, NewStartingHashKey: String(1n << 127n) }));
    await put(name, 'a', 'low');
    await put(name, 'b', 'high');
    const [, low, high] = await shardsOf(name);
    expect([low?.ParentShardId, high?.ParentShardId]).toEqual([parent?.ShardId, parent?.ShardId]);
    expect(await textsOf(name, parent?.ShardId ?? '')).toEqual({ texts: ['before'], ended: true });
    expect(await textsOf(name, low?.ShardId ?? '')).toEqual({ texts: ['low'], ended: false });
    await client.send(new MergeShardsCommand({ StreamName: name, ShardToMerge: low?.ShardId, AdjacentShardToMerge: high?.ShardId }));
    const merged = (await shardsOf(name)).at(-1);
    expect([merged?.ParentShardId, merged?.AdjacentParentShardId]).toEqual([low?.ShardId, high?.ShardId]);
    await expect(client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: low?.ShardId, NewStartingHashKey: '5' }))).rejects.toMatchObject({ name: 'InvalidArgumentException' }); // prettier-ignore
    await client.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }));
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    expect(StreamDescriptionSummary?.OpenShardCount).toBe(3);
  });

  it('forgets after its retention', async () => {
    const name = await stream();
    await put(name, 'k', 'old');
    time += 25 * 3_600_000;
    await put(name, 'k', 'new');
    const [shard] = await shardsOf(name);
    expect((await textsOf(name, shard?.ShardId ?? '')).texts).toEqual(['new']);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['that is not there', () => put('nowhere', 'k', 'x'), 'ResourceNotFoundException'],
    ['without a shard', () => stream(0), 'InvalidArgumentException'],
    ['read by no iterator', () => client.send(new GetRecordsCommand({ ShardIterator: 'x' })), 'InvalidArgumentException'],
    ['given nothing', async () => client.send(new PutRecordsCommand({ StreamName: await stream(), Records: [] })), 'ValidationException'],
  ])('%s is refused', async (_name, work, name) => {
    await expect(work()).rejects.toMatchObject({ name });
  });
});
