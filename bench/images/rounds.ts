export const contestants = ['raw', 'ours', 'ipx'] as const;
export type ContestantName = (typeof contestants)[number];

/** Milliseconds by the clock, and those of the processor, which a busy machine leaves as they are. */
export interface Times {
  readonly clock: number;
  readonly processor: number;
}

export interface Comparison {
  /** Medians; undefined for who cannot do it. */
  readonly times: Readonly<Record<ContestantName, Times | undefined>>;
  readonly oursToRaw: Times | undefined;
  readonly ipxToOurs: Times | undefined;
}

/**
 * Measures all of them in each round. What two of them make of each other is the median of the ratios within a round: a
 * slow minute of the machine is everybody's.
 *
 * @param measure undefined for who cannot do it.
 */
export async function interleaved(rounds: number, measure: (name: ContestantName) => Promise<Times | undefined>): Promise<Comparison> {
  const samples: Record<ContestantName, (Times | undefined)[]> = { raw: [], ours: [], ipx: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of inTurn(round)) samples[name].push(await measure(name));
  }
  const ratio = (a: ContestantName, b: ContestantName) => medians(samples[a].map((times, round) => divided(times, samples[b][round])));
  const times = { raw: medians(samples.raw), ours: medians(samples.ours), ipx: medians(samples.ipx) };
  return { times, oursToRaw: ratio('ours', 'raw'), ipxToOurs: ratio('ipx', 'ours') };
}

/** Each is first, and each comes after each: what one leaves behind in caches and memory is nobody's advantage. */
function inTurn(round: number): ContestantName[] {
  const first = round % contestants.length;
  const order = [...contestants.slice(first), ...contestants.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

/** What some work takes. */
export async function timed(work: () => Promise<unknown>, calls = 1): Promise<Times> {
  const used = process.cpuUsage();
  const started = performance.now();
  await work();
  const clock = performance.now() - started;
  const { user, system } = process.cpuUsage(used);
  return { clock: clock / calls, processor: (user + system) / 1000 / calls };
}

function divided(a: Times | undefined, b: Times | undefined): Times | undefined {
  return a && b && { clock: a.clock / b.clock, processor: a.processor / b.processor };
}

function medians(samples: readonly (Times | undefined)[]): Times | undefined {
  const all = samples.filter((sample) => sample !== undefined);
  if (all.length === 0) return undefined;
  return { clock: median(all.map(({ clock }) => clock)), processor: median(all.map(({ processor }) => processor)) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
