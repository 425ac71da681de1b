import { mbForVcpu, shardsFor } from './limits.ts';
import { frameRatio, measured } from './measured.ts';
import { prices } from './prices-2026-11.ts';

export interface Workload {
  /** Events a second at the peak. */
  readonly rate: number;
  /** Bytes of an event. */
  readonly size: number;
  /** What an average second has of the peak, 0 to 1. */
  readonly average: number;
  /** Events that are sent together. */
  readonly batch: number;
  /** Seconds that a consumer's batch is collected. */
  readonly window: number;
}

/** One line of a bill: so many units at a price. */
export interface Line {
  readonly what: string;
  readonly units: number;
  readonly of: keyof typeof prices;
  /** Dollars a month. */
  readonly usd: number;
}

export interface Design {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly usd: number;
  readonly usdPerMillion: number;
  /** At the peak. */
  readonly shards: number;
  /** Environments of functions that work at once at the peak. */
  readonly concurrency: number;
  /** Objects that are written to S3 in a day. */
  readonly filesADay: number;
  /** Bytes that go into the stream in a day. */
  readonly bytesADay: number;
}

const days = 30;
const hours = days * 24;
const seconds = hours * 3600;
const gb = 1024 ** 3;
const million = 1e6;
/** Records of a batch at most, as `libs/infra` sets it. */
const batchRecords = 100;

const line = (what: string, units: number, of: Line['of']): Line => ({ what, units, of, usd: units * prices[of].usd });

/** The cheaper way to have a stream. @param recordBytes of one record. */
function stream(records: number, recordBytes: number, shards: number, readers: number): Line[] {
  const provisioned = [
    line('Kinesis: shards', shards * hours, 'shardHour'),
    line('Kinesis: records', (records * Math.ceil(recordBytes / 25_600)) / million, 'putUnits'),
  ];
  const onDemand = [
    line('Kinesis: on demand', hours, 'streamHour'),
    line('Kinesis: in', (records * Math.ceil(recordBytes / 1024) * 1024) / gb, 'onDemandIn'),
    line('Kinesis: out', (records * recordBytes * readers) / gb, 'onDemandOut'),
  ];
  return total(provisioned) <= total(onDemand) ? provisioned : onDemand;
}

const total = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

/** A function that works through events at a rate that was measured on one core. */
const compute = (what: string, events: number, perSecond: number, memoryMb = mbForVcpu): Line =>
  line(what, (events / perSecond) * (memoryMb / 1024), 'gbSeconds');

const eventsOf = ({ rate, average }: Workload): number => rate * average * seconds;

function design(
  name: string,
  workload: Workload,
  lines: readonly Line[],
  facts: Omit<Design, 'name' | 'lines' | 'usd' | 'usdPerMillion'>,
): Design {
  const usd = total(lines);
  return { name, lines, usd, usdPerMillion: usd / (eventsOf(workload) / million), ...facts };
}

/** One record an event, one write an event, and Firehose to make Parquet. */
export function oneByOne(workload: Workload): Design {
  const { rate, size } = workload;
  const events = eventsOf(workload);
  const shards = shardsFor(rate, rate * size);
  const firehose = (events * Math.ceil(size / 5120) * 5120) / gb;
  const invocations = (2 * events) / batchRecords / million;
  const filesADay = (events / days / million) * 24;
  const lines = [
    ...stream(events, size, shards, 2),
    line('Lambda: invocations', invocations, 'invocations'),
    compute('Lambda: counting', events, measured.consumedOneByOne),
    line('DynamoDB: a write an event', events / million, 'writes'),
    line('Firehose', firehose, 'firehose'),
    line('Firehose: Parquet', firehose, 'firehoseParquet'),
    line('S3: rows', (events * measured.row) / gb, 'storage'),
  ];
  const concurrency = Math.max(shards, Math.ceil(rate / measured.consumedOneByOne));
  return design('one record an event', workload, lines, {
    shards,
    concurrency,
    filesADay: Math.ceil(filesADay),
    bytesADay: (events * size) / days,
  });
}

/** Some events in a record, and our own way from there: minutes written at once, raw kept, Parquet made by us. */
function together(name: string, workload: Workload, recordEvents: number, ratio: number): Design {
  const { rate, size, average, window } = workload;
  const events = eventsOf(workload);
  const recordBytes = recordEvents * size * ratio;
  const records = events / recordEvents;
  const shards = shardsFor(rate / recordEvents, rate * size * ratio);
  // A shard gives a batch when it is full or when its window is over; without anything to give it gives none.
  const batches = Math.max(records / batchRecords, Math.min(records, (shards * average * seconds) / window));
  const refineSeconds = events / measured.refined;
  const curated = days * 24 * 60 + (days * 24 * 60) / 8;
  const lines = [
    ...stream(records, recordBytes, shards, 2),
    line('Lambda: invocations', (2 * batches) / million, 'invocations'),
    compute('Lambda: counting', events, measured.consumed),
    line('DynamoDB: minutes', (batches * measured.minuteKb) / million, 'writes'),
    line('DynamoDB: what has arrived', (batches * 2) / million, 'writes'),
    line('S3: raw, written', batches / million, 'puts'),
    line('S3: raw, read', batches / million, 'gets'),
    line('S3: raw, kept', (events * size * Math.min(1, ratio)) / gb, 'storage'),
    line('Lambda: refining', refineSeconds * (3008 / 1024), 'gbSeconds'),
    line('S3: Parquet, written', curated / million, 'puts'),
    line('S3: rows', (events * measured.row) / gb, 'storage'),
  ];
  const concurrency = Math.max(shards * 2, Math.ceil(rate / measured.consumed)) + Math.ceil(rate / measured.refined);
  return design(name, workload, lines, {
    shards,
    concurrency,
    filesADay: Math.ceil((batches + curated) / days),
    bytesADay: (records * recordBytes) / days,
  });
}

/** Aggregates of the Kinesis Producer Library, of 25 KB. */
export const aggregated = (workload: Workload): Design =>
  together(
    'KPL aggregates',
    workload,
    Math.max(1, Math.floor(25_600 / (workload.size * measured.aggregateRatio))),
    measured.aggregateRatio,
  );

/** Our frames, with as many events as are sent together. */
export const framed = (workload: Workload): Design => together('frames', workload, workload.batch, frameRatio(workload.batch));

/** What it takes to have events come in over HTTP, however they go on. @param batch events of a request. */
export function frontDoor(workload: Workload): readonly Line[] {
  const requests = eventsOf(workload) / workload.batch / million;
  const within = Math.min(300, requests);
  return [
    line('API Gateway', within, 'httpRequests'),
    line('API Gateway', requests - within, 'httpRequestsBeyond'),
    line('Lambda: invocations', requests, 'invocations'),
    // 8 ms of 512 MB a request: a guess, and no measurement.
    line('Lambda: collecting', requests * million * 0.008 * 0.5, 'gbSeconds'),
  ];
}
