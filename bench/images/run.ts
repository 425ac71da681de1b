// Pictures through apps/images, ipx and raw sharp: time, bytes and likeness by case, a hot key asked 100 times at once, a cold process, and memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, contestIn } from './bundles.ts';
import { caseNames, cases, type Case, type Contest, type Pictures } from './cases.ts';
import { edited } from './contestants/raw.ts';
import { psnr } from './likeness.ts';
import { makePictures } from './pictures.ts';
import { largePictures, type Peaks, programs } from './programs.ts';
import { type Comparison, type ContestantName, contestants, interleaved, timed, type Times } from './rounds.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
    rounds: { type: 'string', default: '31' },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const all = [...caseNames, 'hot', 'cold', 'memory'];
const usage = `npm run bench -- images [--rounds=31] [--only=<case>]… [--json]

Cases: ${all.join(', ')}.`;

const warmUp = 3;
/** What takes a fraction of a millisecond is asked more often. */
const callsPerRound: Partial<Record<Case, number>> = { whole: 50, broken: 50 };
const atOnce = 100;
/** What is said of one contestant after the other. */
type By<Figure> = Record<ContestantName, Figure | undefined>;

interface Row extends Comparison {
  readonly what: string;
  readonly kilobytes?: By<number>;
  readonly decibels?: By<number>;
  readonly computations?: By<number>;
}

if (values.help) console.log(usage);
else if (!(Number(values.rounds) >= 1) || !values.only.every((name) => all.includes(name))) {
  console.error(usage);
  process.exitCode = 2;
} else await main(Number(values.rounds));

async function main(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'larder-bench-images-'));
  try {
    const pictures = await makePictures();
    const bundles = await bundle(folder);
    const contests = await byContestant((name) => contestIn(bundles[name]));
    const wanted = (name: string) => values.only.length === 0 || values.only.includes(name);
    const rows: Row[] = [];
    for (const name of caseNames.filter(wanted)) rows.push(await one(name, contests, pictures, rounds));
    if (wanted('hot')) rows.push(await hotKey(contests, pictures, Math.ceil(rounds / 10)));
    const { cold, memory } = await programs(folder, pictures);
    if (wanted('cold')) {
      const comparison = await interleaved(rounds, async (name) => cold(bundles[name]));
      rows.push({ what: 'cold process to the first answer', ...comparison });
    }
    const peaks = wanted('memory') ? await byContestant(async (name) => memory(bundles[name])) : undefined;
    if (values.json) console.log(JSON.stringify({ rows, peaks }, null, 2));
    else print(rows, peaks);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One request at a time; nothing is kept, so that each is worked on. */
async function one(name: Case, contests: Record<ContestantName, Contest>, pictures: Pictures, rounds: number): Promise<Row> {
  const each = await byContestant(async (contestant) => contests[contestant](pictures, false));
  const kilobytes: By<number> = { raw: undefined, ours: undefined, ipx: undefined };
  const decibels: By<number> = { raw: undefined, ours: undefined, ipx: undefined };
  const able = new Set<ContestantName>();
  for (const contestant of contestants) {
    const answer = await each[contestant].answer(name);
    if (!answer) continue;
    able.add(contestant);
    const expected = name === 'broken' ? 400 : 200;
    if (answer.status !== expected) throw new Error(`${contestant} answers ${name} with ${answer.status} instead of ${expected}.`);
    if (name === 'broken') continue;
    kilobytes[contestant] = answer.bytes.byteLength / 1000;
    if (name !== 'whole') decibels[contestant] = await psnr(answer.bytes, await edited(name, pictures));
  }
  const calls = callsPerRound[name] ?? 1;
  const measure = async (contestant: ContestantName) => {
    if (!able.has(contestant)) return undefined;
    return timed(async () => {
      for (let call = 0; call < calls; call += 1) await each[contestant].answer(name);
    }, calls);
  };
  await interleaved(warmUp, measure);
  return { what: cases[name], ...(await interleaved(rounds, measure)), kilobytes, decibels };
}

/** The same address, asked by many before the first is answered, and by none before. */
async function hotKey(contests: Record<ContestantName, Contest>, pictures: Pictures, rounds: number): Promise<Row> {
  const computations: By<number> = { raw: 0, ours: 0, ipx: 0 };
  const comparison = await interleaved(rounds, async (name) => {
    const contestant = contests[name](pictures, true);
    const times = await timed(() => Promise.all(Array.from({ length: atOnce }, () => contestant.answer('webp'))));
    computations[name] = contestant.computations();
    return times;
  });
  return { what: `a hot key, ${atOnce} times at once`, ...comparison, computations };
}

async function byContestant<Value>(make: (name: ContestantName) => Promise<Value>): Promise<Record<ContestantName, Value>> {
  return { raw: await make('raw'), ours: await make('ours'), ipx: await make('ipx') };
}

function print(rows: readonly Row[], peaks: Record<ContestantName, Peaks> | undefined): void {
  const each = (figures: Partial<By<number>> | undefined, digits: number) =>
    figures && contestants.map((name) => figures[name]?.toFixed(digits) ?? '–').join(' / ');
  const ratio = (times: Times | undefined) => (times ? `${times.clock.toFixed(2)} (${times.processor.toFixed(2)})` : '');
  console.table(
    rows.map(({ what, times, oursToRaw, ipxToOurs, kilobytes, decibels, computations }) => ({
      what,
      'ms raw / ours / ipx': each(clocks(times), (times.raw?.clock ?? 0) < 1 ? 3 : 1),
      'ours/raw': ratio(oursToRaw),
      'ipx/ours': ratio(ipxToOurs),
      'kB raw / ours / ipx': each(kilobytes, 1) ?? '',
      'dB raw / ours / ipx': each(decibels, 1) ?? '',
      'computed raw / ours / ipx': each(computations, 0) ?? '',
    })),
  );
  console.log(
    'One sharp, quality and effort for all; rounds interleaved. Times are medians, ratios medians of the ratios within a round (in brackets those of\n' +
      'processor time). Likeness is that to the picture before it was encoded. Aim: ours/raw at most 1.08 where it computes; one computation for a hot key.',
  );
  if (!peaks) return;
  const megabytes = contestants.map((name) => `${name} ${peaks[name].early.toFixed(0)}, ${peaks[name].late.toFixed(0)}`).join(' · ');
  console.log(`\nMost MB after ${largePictures / 3} and after all ${largePictures} JPEGs of 50 MP, four at once: ${megabytes}`);
}

function clocks(times: Comparison['times']): By<number> {
  return { raw: times.raw?.clock, ours: times.ours?.clock, ipx: times.ipx?.clock };
}
