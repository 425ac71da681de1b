import type { Second } from './simulate.ts';

const bars = '▁▂▃▄▅▆▇█';

/** A line of a terminal: the most of each of so many parts of a day. */
export function sparkline(values: readonly number[], width = 72): string {
  const most = Math.max(...points(values, width), Number.MIN_VALUE);
  return points(values, width)
    .map((value) => bars[Math.min(bars.length - 1, Math.floor((value / most) * bars.length))])
    .join('');
}

const points = (values: readonly number[], width: number): number[] =>
  Array.from({ length: width }, (_, at) => {
    const part = values.slice(Math.floor((at * values.length) / width), Math.floor(((at + 1) * values.length) / width));
    return part.reduce((high, value) => Math.max(high, value), 0);
  });

const [width, height, left, gap] = [960, 120, 90, 34] as const;

/** The day as a drawing: load, shards and lag, each over the hours. */
export function toSvg(history: readonly Second[], load: readonly number[]): string {
  const rows = [
    ['events a second', load],
    ['shards', history.map(({ shards }) => shards)],
    ['throttled, MB a second', history.map(({ throttled }) => throttled / 1024 ** 2)],
    ['lag, seconds', history.map(({ lag }) => lag)],
  ] as const;
  const drawn = rows.map(([title, values], row) => {
    const seen = points(values, 480);
    const most = Math.max(...seen, 1);
    const top = 20 + row * (height + gap);
    const x = (at: number): string => (left + (at / (seen.length - 1)) * (width - left - 10)).toFixed(1);
    const y = (value: number): string => (top + height - (value / most) * height).toFixed(1);
    const path = seen.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('');
    return `<text x="${left}" y="${top - 6}">${title}, at most ${most.toLocaleString('en', { maximumFractionDigits: 1 })}</text><path d="M${left} ${top + height}H${width - 10}" class="axis"/><path d="${path}"/>`;
  });
  const bottom = 20 + rows.length * (height + gap);
  const hours = [0, 6, 12, 18, 24].map(
    (hour) => `<text x="${left + (hour / 24) * (width - left - 10)}" y="${bottom}" text-anchor="middle">${hour}:00</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 10}" font-family="system-ui, sans-serif" font-size="13" fill="#555"><style>path{fill:none;stroke:#2f6fab;stroke-width:1.5}.axis{stroke:#bbb;stroke-width:1}</style>${drawn.join('')}${hours.join('')}</svg>\n`;
}
