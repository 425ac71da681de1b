// What a core does of a stream's work in a second: frames, consuming, sketches, duplicates; against named peers and the bare limit.
import { gunzipSync, gzipSync } from 'node:zlib';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { contextOf, kinesisRecord } from '@larder/service/aws-events.fixture';
import { streamReceiver } from '@larder/service/on-stream';
import { CountMin } from '@larder/streaming/count-min';
import { isFrame, packFrame, unpackFrame } from '@larder/streaming/frame';
import { hash } from '@larder/streaming/hash';
import { Horizon } from '@larder/streaming/horizon';
import { HyperLogLog } from '@larder/streaming/hyperloglog';
import agg from 'aws-kinesis-agg';
import bloom from 'bloom-filters';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { eventsOf } from './events.ts';
import { nothingBefore } from './nothing-before.ts';

/** Does a number of operations. */
type Work = () => unknown;
interface Contest {
  readonly what: string;
  readonly operations: number;
  readonly ours: Work;
  readonly peer: Work;
  readonly peerName: string;
  readonly limit: Work;
  readonly limitName: string;
  /** Bytes that one event becomes. */
  readonly bytes?: readonly [ours: number, peer: number, limit: number];
}

const rounds = 15;
const inFrame = 1000;
const events = eventsOf(20_000);
const frames = Array.from({ length: events.length / inFrame }, (_, at) => events.slice(at * inFrame, (at + 1) * inFrame));
const ids = Array.from({ length: 200_000 }, (_, at) => `v-${at.toString(36)}-${at}`);
const context = contextOf();

function packWithAgg(lines: readonly string[]): Buffer {
  const aggregator = new agg.RecordAggregator();
  for (const line of lines) aggregator.addUserRecord({ partitionKey: line.slice(7, 33), data: Buffer.from(line) });
  let packed = Buffer.alloc(0);
  aggregator.flushBufferedRecords((error, { data }) => {
    if (error) throw error;
    packed = Buffer.from(data);
  });
  return packed;
}
const packs = frames.map((lines) => packFrame(lines));
const aggregates = frames.map(packWithAgg);
const gzips = frames.map((lines) => gzipSync(lines.join('\n'), { level: 1 }));
const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { byteLength }) => sum + byteLength, 0) / events.length;

const counts = new Map<string, number>();
const countType = (type: string): unknown => counts.set(type, (counts.get(type) ?? 0) + 1);

function consume(): Promise<unknown> {
  const handler = streamReceiver(nothingBefore)(pageEvents, async ({ events: given }) => given.forEach(({ type }) => countType(type)));
  return handler({ Records: packs.map((data) => kinesisRecord(data)) }, context);
}
const single: KinesisStreamEvent = { Records: events.map((line) => kinesisRecord(Buffer.from(line))) };
async function consumeWithPowertools(): Promise<unknown> {
  const processor = new BatchProcessor(EventType.KinesisDataStreams);
  const seen = new Set<string>();
  const handle = async ({ kinesis: { data } }: KinesisStreamRecord): Promise<void> => {
    const checked = pageEvents.check(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
    if ('problem' in checked) throw new Error(checked.problem);
    if (!seen.has(checked.event.id)) countType(checked.event.type);
    seen.add(checked.event.id);
  };
  return processPartialResponse(single, handle, processor, { context, throwOnFullBatchFailure: false });
}
function bareLoop(): unknown {
  for (const pack of packs) {
    const bytes = Buffer.from(Buffer.from(pack).toString('base64'), 'base64');
    if (!isFrame(bytes)) continue;
    for (const line of unpackFrame(bytes)) countType((JSON.parse(line) as { type: string }).type);
  }
  return counts;
}

const contests: readonly Contest[] = [
  {
    ...{ what: 'frames: pack', operations: events.length, peerName: 'aws-kinesis-agg', limitName: 'join and gzip-1' },
    ours: () => frames.map((lines) => packFrame(lines)),
    peer: () => frames.map(packWithAgg),
    limit: () => frames.map((lines) => gzipSync(lines.join('\n'), { level: 1 })),
    bytes: [sizeOf(packs), sizeOf(aggregates), sizeOf(gzips)],
  },
  {
    ...{ what: 'frames: unpack', operations: events.length, peerName: 'aws-kinesis-agg', limitName: 'gunzip and split' },
    ours: () => packs.map(unpackFrame),
    peer: () => aggregates.map((data) => agg.deaggregateSync({ partitionKey: 'a', data: data.toString('base64') }, true, () => undefined)),
    limit: () => gzips.map((packed) => gunzipSync(packed).toString('utf8').split('\n')),
  },
  {
    ...{
      what: 'consume: decode, check, no twice, count',
      operations: events.length,
      peerName: 'Powertools batch',
      limitName: 'unpack, parse, count',
    },
    ...{ ours: consume, peer: consumeWithPowertools, limit: bareLoop },
  },
  {
    ...{ what: 'HyperLogLog', operations: ids.length, peerName: 'bloom-filters', limitName: 'the hash alone' },
    ours: () => {
      const sketch = HyperLogLog.create();
      for (const id of ids) sketch.add(id);
      return sketch;
    },
    peer: () => {
      const sketch = new bloom.HyperLogLog(2 ** 14);
      // It is so slow that a part has to do; the time is that of all of them.
      for (const id of ids.slice(0, ids.length / 100)) sketch.update(id);
      return sketch;
    },
    limit: () => ids.reduce((sum, id) => sum + hash(id), 0),
  },
  {
    ...{ what: 'count-min with the top 20', operations: ids.length, peerName: 'bloom-filters', limitName: 'the hash alone' },
    ours: () => {
      const sketch = new CountMin();
      for (const id of ids) sketch.add(id);
      return sketch;
    },
    peer: () => {
      const sketch = new bloom.CountMinSketch(4096, 4);
      for (const id of ids.slice(0, ids.length / 100)) sketch.update(id);
      return sketch;
    },
    limit: () => ids.reduce((sum, id) => sum + hash(id), 0),
  },
  {
    ...{ what: 'what comes twice', operations: ids.length, peerName: 'a Set', limitName: 'a Set' },
    ours: () => {
      const horizon = new Horizon(ids.length / 2);
      return ids.filter((id) => horizon.admits(id));
    },
    peer: () => new Set(ids),
    limit: () => new Set(ids),
  },
];
const partial = new Set(['HyperLogLog', 'count-min with the top 20']);

const results = [];
for (const contest of contests) {
  const times = { ours: [] as number[], peer: [] as number[], limit: [] as number[] };
  for (let round = -2; round < rounds; round += 1) {
    for (const who of ['ours', 'peer', 'limit'] as const) {
      const from = performance.now();
      await contest[who]();
      const ms = (performance.now() - from) * (who === 'peer' && partial.has(contest.what) ? 100 : 1);
      if (round >= 0) times[who].push(ms);
    }
  }
  const ratios = (one: readonly number[], other: readonly number[]) => median(one.map((ms, round) => ms / (other[round] ?? ms)));
  const rate = (all: readonly number[]) => contest.operations / median(all) / 1000;
  results.push({
    what: contest.what,
    'M/s ours / peer / limit': [times.ours, times.peer, times.limit].map((all) => rate(all).toFixed(2)).join(' / '),
    'ours/limit': ratios(times.limit, times.ours).toFixed(2),
    'ours/peer': ratios(times.peer, times.ours).toFixed(2),
    'bytes an event': contest.bytes?.map((bytes) => bytes.toFixed(1)).join(' / ') ?? '',
    'peer; limit': `${contest.peerName}; ${contest.limitName}`,
  });
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
else {
  console.table(results);
  console.log(
    `${rounds} rounds, interleaved, in one process; ratios of speeds are medians of those within a round. Events have ${(events.join('').length / events.length).toFixed(0)} bytes.`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
