import { packFrame } from './frame.ts';
import { hash } from './hash.ts';

/** A record as PutRecords takes it. */
export interface OutgoingRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: string;
  readonly data: Uint8Array;
}

export interface ProducerDeps {
  /** Sends up to 500 records. @returns for each whether it was taken. Rejects when nobody knows. */
  send(records: readonly OutgoingRecord[]): Promise<readonly boolean[]>;
  /** Milliseconds; rejects never. */
  wait(milliseconds: number): Promise<void>;
  /** 0 to 1. */
  random(): number;
}

export interface ProducerOptions {
  /** Ranges that keys are spread over, a power of two: at least as many as there will be shards. */
  readonly ranges?: number;
  /** A frame is closed with so many bytes of lines, */
  readonly frameBytes?: number;
  /** or when its first line is so old, in milliseconds; with infinity not until it is flushed. */
  readonly age?: number;
  /** Lines that are not taken yet have no more bytes than this: whoever adds more waits. */
  readonly bufferBytes?: number;
  /** How often a record is sent before its lines are given up. */
  readonly attempts?: number;
}

export interface Producer {
  /** Resolves when the line is durable. @param key what keeps its order. @throws {NotTaken} */
  put(key: string, line: string): Promise<void>;
  /** Sends what is there, and resolves when all of it is durable or given up. */
  flush(): Promise<void>;
}

/** The stream did not take a line, however often it was sent. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

interface Waiting {
  readonly lines: string[];
  bytes: number;
  readonly done: PromiseWithResolvers<void>;
}

const mostRecords = 500;

/**
 * Packs lines into frames, by ranges of their keys, and sends them. A key is always in one range and a range has one explicit hash key, so that its order is kept however the stream is split or
 * merged. What was refused is sent again, alone, with full jitter; what was taken is not.
 */
export function createProducer(
  { send, wait, random }: ProducerDeps,
  { ranges = 64, frameBytes = 256 * 1024, age = 100, bufferBytes = 32 * 1024 * 1024, attempts = 8 }: ProducerOptions = {},
): Producer {
  const open = new Map<number, Waiting>();
  const underWay = new Set<Promise<void>>();
  const waiters: (() => void)[] = [];
  let buffered = 0;

  const closed: { readonly range: number; readonly frame: Waiting }[] = [];

  const close = (range: number): void => {
    const frame = open.get(range);
    if (!frame) return;
    open.delete(range);
    closed.push({ range, frame });
  };

  const deliver = async (batch: typeof closed): Promise<void> => {
    let rest = batch.map(({ range, frame }) => ({ frame, record: toRecord(range, ranges, frame.lines) }));
    for (let attempt = 1; rest.length > 0; attempt += 1) {
      const asked = rest;
      const taken = await send(asked.map(({ record }) => record)).catch(() => asked.map(() => false));
      rest = asked.filter(({ frame }, place) => {
        if (!taken[place]) return true;
        settle(frame, undefined);
        return false;
      });
      if (rest.length === 0) return;
      if (attempt >= attempts) {
        for (const { frame } of rest) settle(frame, new NotTaken(`The stream did not take it in ${attempts} attempts`));
        return;
      }
      await wait(random() * Math.min(2000, 50 * 2 ** attempt));
    }
  };
  const settle = ({ bytes, done }: Waiting, error: Error | undefined): void => {
    buffered -= bytes;
    if (error) done.reject(error);
    else done.resolve();
    for (const go of waiters.splice(0)) go();
  };
  const sendClosed = (): void => {
    while (closed.length > 0) {
      const work = deliver(closed.splice(0, mostRecords)).finally(() => underWay.delete(work));
      underWay.add(work);
    }
  };

  return {
    async put(key, line) {
      const bytes = line.length + 1;
      while (buffered > 0 && buffered + bytes > bufferBytes) await new Promise<void>((go) => waiters.push(go));
      const range = hash(key) & (ranges - 1);
      let frame = open.get(range);
      if (!frame) {
        frame = { lines: [], bytes: 0, done: Promise.withResolvers() };
        frame.done.promise.catch(() => undefined);
        open.set(range, frame);
        const opened = frame;
        if (age !== Number.POSITIVE_INFINITY)
          void wait(age).then(() => {
            if (open.get(range) !== opened) return;
            close(range);
            sendClosed();
          });
      }
      frame.lines.push(line);
      frame.bytes += bytes;
      buffered += bytes;
      const { promise } = frame.done;
      if (frame.bytes >= frameBytes) {
        close(range);
        sendClosed();
      }
      return promise;
    },
    async flush() {
      for (const range of [...open.keys()]) close(range);
      sendClosed();
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** The middle of a range of the 128 bits of Kinesis's hash keys. */
function toRecord(range: number, ranges: number, lines: readonly string[]): OutgoingRecord {
  const key = ((1n << 128n) * BigInt(2 * range + 1)) / BigInt(2 * ranges);
  return { partitionKey: `range-${range}`, explicitHashKey: String(key), data: packFrame(lines) };
}
