// One process of the end-to-end benchmark: producer, frames, consumer, raw, refining, Parquet. Prints what became of it as a line of JSON.
import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { contextOf, kinesisRecord } from '@larder/service/aws-events.fixture';
import { streamReceiver } from '@larder/service/on-stream';
import { unpackFrame } from '@larder/streaming/frame';
import { createProducer, type OutgoingRecord } from '@larder/streaming/producer';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { ArrivedObject, Partition } from '../../apps/lake/src/lake-store.ts';
import { packLines, unpackLines } from '../../apps/lake/src/raw-lines.ts';
import { mergeHour } from '../../apps/lake/src/refine/merge-hour.ts';
import { refine } from '../../apps/lake/src/refine/refine.ts';
import { eventsOf } from '../streams/events.ts';
import { nothingBefore } from '../streams/nothing-before.ts';
import { pages } from './rows.ts';

const [seconds = 60, name = 'a'] = [Number(process.argv[2]), process.argv[3]];
/** What is produced before it is refined. */
const inRound = 200_000;
const inFlight = 20_000;

const templates = eventsOf(inFlight).map((line) => /^\{"id":"[^"]*","time":"[^"]*"(.*)$/.exec(line)?.[1] ?? '');
const [raw, files, partitions] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>(), new Map<string, Partition>()];
const arrivals = new Map<string, ArrivedObject>();

/** The stream: what was put and is not yet consumed. */
let stream: KinesisStreamRecord[] = [];
const put = async (records: readonly OutgoingRecord[]): Promise<boolean[]> => {
  for (const { data } of records) stream.push(kinesisRecord(data));
  return records.map(() => true);
};
const producer = createProducer({ send: put, wait: () => Promise.resolve(), random: Math.random }, { age: Infinity });

const counts = new Map<string, number>();
let consumed = 0;
const consume = streamReceiver(nothingBefore)(pageEvents, async ({ events }) => {
  consumed += events.length;
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
});

const refineAll = refine({
  findArrivals: async () => [...arrivals.values()],
  forgetArrival: async ({ key }) => {
    arrivals.delete(key);
    raw.delete(key);
  },
  readRaw: async (key) => unpackLines(key, raw.get(key) ?? new Uint8Array()),
  readFile: async (key) => files.get(key) ?? new Uint8Array(),
  writeFile: async (key, content) => void files.set(key, content as Uint8Array),
  findPartition: async (dataset, hour) => partitions.get(`${dataset}/${hour}`),
  keepPartition: async (partition) => void partitions.set(`${partition.dataset}/${partition.hour}`, partition),
  dropLater: async (old) => old.forEach(({ key }) => files.delete(key)),
  findSubjects: async () => [],
  merge: mergeHour,
  newId: () => crypto.randomUUID(),
  now: () => new Date(),
  hasTime: () => true,
});

let produced = 0;
const ages: number[] = [];
const begin = performance.now();
for (let round = 0; performance.now() - begin < seconds * 1000; round += 1) {
  const from = performance.now();
  // Every round is another hour, as if time went by faster: an hour has as much as a minute of one function would bring it.
  const hour = new Date(Date.UTC(2026, 0, 1, round)).toISOString().slice(0, 13);
  for (let at = 0; at < inRound;) {
    const last = Math.min(inRound, at + inFlight);
    for (; at < last; at += 1) {
      const id = `${name}-${produced++}`;
      const time = `${hour}:00:${String(at % 60).padStart(2, '0')}.000Z`;
      void producer.put(id, `{"id":"${id}","time":"${time}"${templates[at % templates.length] ?? ''}`);
    }
    await producer.flush();
    const records = stream;
    stream = [];
    const { batchItemFailures } = await consume({ Records: records }, contextOf());
    if (batchItemFailures.length > 0) throw new Error('a batch was not taken');
    const packed = packLines(records.flatMap(({ kinesis: { data } }) => unpackFrame(Buffer.from(data, 'base64'))));
    const key = `raw/page_events/${produced}.ndjson.zst`;
    raw.set(key, packed);
    arrivals.set(key, { dataset: 'page_events', key, bytes: packed.byteLength });
  }
  await refineAll([pages]);
  ages.push(performance.now() - from);
}
const ms = performance.now() - begin;
const kept = [...partitions.values()].flatMap((partition) => partition.files);
const sum = (of: 'rows' | 'bytes') => kept.reduce((total, file) => total + file[of], 0);
const counted = [...counts.values()].reduce((total, count) => total + count, 0);
console.log(JSON.stringify({ produced, consumed, counted, rows: sum('rows'), bytes: sum('bytes'), ms, ages }));
