import { setImmediate as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { StreamPort, StreamRecord } from '../kernel/ports.ts';
import { failedItems } from './batch-answer.ts';
import type { Invoker, Ran } from './invoker.ts';
import type { Mapping } from './mapping.ts';
import type { Timers } from './timers.ts';

/** A batch that was given up. */
export interface Discarded {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly attempts: number;
  /** The last try, when there was one. */
  readonly ran: Ran | undefined;
}

export interface LaneDeps {
  readonly kernel: Kernel;
  readonly streams: StreamPort;
  readonly invoker: Invoker;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** A sentence when the function's role no longer lets it read the stream. */
  readonly forbidden: () => string | undefined;
  readonly setPosition: (position: string) => void;
  /** Sends the on-failure record. */
  readonly discard: (discarded: Discarded) => Promise<void>;
}

const BATCH_BYTES = 6 * 1024 * 1024;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 30_000;
/** Without room in the function nothing has failed: it is tried again soon. */
const LONGEST_THROTTLE_MS = 2000;

/** Reads one shard, or the keys of it that fall to this lane, in order. */
export function startLane(mapping: Mapping, shardId: string, lane: number, from: string, deps: LaneDeps): { wake(): void } {
  const { kernel, streams, invoker, timers, signal } = deps;
  let position = from;
  /** Counts calls of `wake`, so that none is missed between a read and the wait after it. */
  let woken = 0;
  let wake: (() => void) | undefined;
  const source = mapping.sourceArn.split(':')[2] ?? '';
  const sourceName = mapping.sourceArn.split('/')[1] ?? mapping.sourceArn;
  const defaults = { eventSource: `aws:${source}`, awsRegion: kernel.region, eventSourceARN: mapping.sourceArn };

  const loop = async (): Promise<void> => {
    for (let trouble = 0; !signal.aborted;) {
      try {
        const forbidden = deps.forbidden();
        if (forbidden !== undefined) throw new Error(forbidden);
        const seen = woken;
        const read = await gather();
        const last = read.at(-1);
        if (last === undefined) await more(seen);
        else {
          const kept = read.filter(mine).filter((record) => mapping.filter?.(record.entry) ?? true);
          // A long stretch that no filter lets through would let nothing else run.
          if (kept.length === 0) await pause();
          for (const batch of toBatches(kept, mapping.batchSize)) await process(batch);
          if (!signal.aborted) advance(last);
        }
        trouble = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (trouble === 0)
          kernel.tell({
            kind: 'notice',
            at: kernel.now(),
            level: 'warn',
            message: `${sourceName} → ${mapping.functionName}: ${String(error)}`,
          });
        await timers.wait(backoff(++trouble), signal);
      }
    }
  };

  /** What is there, and when that is less than a batch, what comes within the window. */
  const gather = async (): Promise<readonly StreamRecord[]> => {
    const limit = mapping.batchSize * mapping.parallelization;
    let seen = woken;
    let records = await streams.read(mapping.sourceArn, shardId, position, limit);
    if (mapping.windowMs === 0 || records.length === 0) return records;
    const until = kernel.now() + mapping.windowMs;
    while (records.length < limit && kernel.now() < until && !signal.aborted) {
      await more(seen, until - kernel.now());
      seen = woken;
      records = await streams.read(mapping.sourceArn, shardId, position, limit);
    }
    return records;
  };

  const more = async (seen: number, ms?: number): Promise<void> => {
    if (woken !== seen || signal.aborted) return;
    const enough = new AbortController();
    await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ...(ms === undefined ? [] : [timers.wait(ms, enough.signal)])]);
    enough.abort();
  };

  const mine = (record: StreamRecord): boolean => mapping.parallelization === 1 || hashOf(keyOf(record)) % mapping.parallelization === lane;

  const advance = (to: StreamRecord): void => {
    if (position === to.sequenceNumber) return;
    position = to.sequenceNumber;
    deps.setPosition(position);
  };

  /** Gives the batch until it has succeeded or is given up. */
  const process = async (records: readonly StreamRecord[]): Promise<void> => {
    let rest = records;
    let attempts = 0;
    let waits = 0;
    while (!signal.aborted) {
      rest = await dropExpired(rest, attempts);
      const last = rest.at(-1);
      if (last === undefined) return;
      const ran = await invoke(rest);
      if (ran === 'throttled') {
        await timers.wait(Math.min(LONGEST_THROTTLE_MS, backoff(++waits)), signal);
        continue;
      }
      // Cut off by the end of the cloud, or no longer ours: whoever reads next gives it again.
      if (ran.kind !== 'ok' && signal.aborted) return;
      const done = doneOf(ran, rest);
      if (done > 0) advance(rest[done - 1] as StreamRecord);
      if (done === rest.length) return;
      attempts = done > 0 ? 1 : attempts + 1;
      rest = rest.slice(done);
      if (mapping.bisect && done === 0 && rest.length > 1) {
        // Splitting does not count as a retry.
        const half = Math.ceil(rest.length / 2);
        await process(rest.slice(0, half));
        rest = rest.slice(half);
        attempts = 0;
      } else if (attempts > mapping.maximumRetryAttempts) {
        await deps.discard({ shardId, records: rest, condition: 'RetryAttemptsExhausted', attempts, ran });
        return advance(last);
      } else await timers.wait(backoff(attempts), signal);
    }
  };

  const dropExpired = async (records: readonly StreamRecord[], attempts: number): Promise<readonly StreamRecord[]> => {
    if (mapping.maximumRecordAgeMs === Infinity) return records;
    const oldest = kernel.now() - mapping.maximumRecordAgeMs;
    const young = records.findIndex(({ arrivedAt }) => arrivedAt >= oldest);
    const expired = young < 0 ? records : records.slice(0, young);
    const last = expired.at(-1);
    if (last === undefined) return records;
    await deps.discard({ shardId, records: expired, condition: 'RecordAgeExceeded', attempts, ran: undefined });
    advance(last);
    return records.slice(expired.length);
  };

  const invoke = async (records: readonly StreamRecord[]): Promise<Ran | 'throttled'> => {
    const entries = records.map(({ entry }) => ({ ...defaults, ...entry }));
    const fault = kernel.faults.onDelivery?.({ functionName: mapping.functionName, eventSourceArn: mapping.sourceArn, records: entries });
    if (fault?.kind === 'delay') await timers.wait(fault.ms, signal);
    const run = { type: 'mapping', payload: JSON.stringify({ Records: entries }), trigger: `${source}:${sourceName}` } as const;
    try {
      // A stream never gives records in another order, but it does give them twice.
      if (fault?.kind === 'duplicate') await invoker.run(mapping.functionName, run);
      return await invoker.run(mapping.functionName, run);
    } catch (error) {
      if (error instanceof AwsError && error.status === 429) return 'throttled';
      throw error;
    }
  };

  /** How many records from the beginning are done. */
  const doneOf = (ran: Ran, records: readonly StreamRecord[]): number => {
    if (ran.kind !== 'ok') return 0;
    if (!mapping.partialAnswers) return records.length;
    const failed = failedItems(ran.payload, new Set(records.map(({ sequenceNumber }) => sequenceNumber)));
    if (failed === 'all') return 0;
    const lowest = records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
    return lowest < 0 ? records.length : lowest;
  };

  void loop();
  return {
    wake() {
      woken += 1;
      wake?.();
    },
  };
}

function backoff(attempt: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
}

/** Cuts into batches by number and by what an invocation may carry. */
function toBatches(records: readonly StreamRecord[], size: number): readonly (readonly StreamRecord[])[] {
  const batches: StreamRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    // The text of a record is larger than what it counts for in its table.
    const estimate = record.sizeBytes * 2 + 1024;
    if (bytes + estimate > BATCH_BYTES || (batches.at(-1)?.length ?? 0) >= size) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(record);
    bytes += estimate;
  }
  return batches;
}

/** What keeps records in order: the item's key, or the partition key. */
function keyOf({ entry }: StreamRecord): string {
  const kinesis = entry['kinesis'] as { partitionKey?: string } | undefined;
  return kinesis?.partitionKey ?? JSON.stringify((entry['dynamodb'] as { Keys?: unknown } | undefined)?.Keys);
}

function hashOf(key: string): number {
  return createHash('md5').update(key).digest().readUInt32BE();
}
