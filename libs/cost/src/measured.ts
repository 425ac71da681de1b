/**
 * What our code does, measured on one core in November 2026 by `npm run bench -- streams` and `-- lake`, and what frames of the load generator's events (152 bytes) become.
 */
export const measured = {
  /** Bytes of a frame over those of its lines, by lines in a frame. */
  frameRatio: [
    [1, 1.005],
    [10, 0.361],
    [20, 0.308],
    [100, 0.248],
    [1000, 0.215],
  ] as readonly (readonly [lines: number, ratio: number])[],
  /** Bytes of a KPL aggregate over those of its events. */
  aggregateRatio: 1.18,
  /** Events a second that are unpacked, checked and counted. */
  consumed: 410_000,
  /** The same with Powertools' batch, of records that are one event each. */
  consumedOneByOne: 270_000,
  /** Events a second that become rows, in a function of 3,008 MB. */
  refined: 272_000,
  /** Bytes of a row in Parquet. */
  row: 9.3,
  /** KB that a minute's counts have: two HyperLogLogs of 16 KB, and up to 1,000 products. */
  minuteKb: 40,
} as const;

/** What a frame becomes, between the measured sizes on a logarithmic scale. */
export function frameRatio(lines: number): number {
  const points = measured.frameRatio;
  const next = points.findIndex(([at]) => at >= lines);
  const [last] = points.slice(-1);
  if (next < 0) return last?.[1] ?? 1;
  const [above, below] = [points[next], points[Math.max(0, next - 1)]];
  if (!above || !below || above === below) return above?.[1] ?? 1;
  const share = Math.log(lines / below[0]) / Math.log(above[0] / below[0]);
  return below[1] + share * (above[1] - below[1]);
}
