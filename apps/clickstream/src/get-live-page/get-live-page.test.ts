import { createHash } from 'node:crypto';
import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { toPage } from './page.ts';
import { toPath } from './to-path.ts';
import { toTexts } from './to-texts.ts';

const { success, example } = clickstreamApi.routes.getLive;
const live = success.body.parse(example.response);
const { html, policy } = toPage();

describe('the page', () => {
  it('runs its own style and script, and speaks to nobody but the service', () => {
    const inside = (tag: string) => new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html)?.[1] ?? '';
    for (const tag of ['script', 'style'])
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(inside(tag)).digest('base64')}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    // What no hash stands for would not run: neither attributes that are script or style, nor anything from elsewhere.
    expect(html).not.toMatch(/ on[a-z]+=| style=| src="|href="(?!data:|live")|https?:\/\/(?!www\.w3\.org)/);
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it('makes no markup of what it is told', () => {
    expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write/);
  });

  it('has a place for everything that it tells', () => {
    const { texts, bars } = toTexts(live);
    for (const id of [...Object.keys(texts), ...Object.keys(bars)]) expect(html.split(`id="${id}"`)).toHaveLength(2);
  });

  it('has what it needs from the source text alone', () => {
    const alone = <Fn>(fn: Fn) => new Function(`return ${String(fn)}`)() as Fn;
    expect(alone(toTexts)(live)).toEqual(toTexts(live));
    expect(alone(toPath)([1, 2], 2, 10, 10)).toBe(toPath([1, 2], 2, 10, 10));
  });
});

describe('what it says', () => {
  it('is what the service answers, for people', () => {
    const { texts, bars, summary } = toTexts(live);
    expect(texts).toEqual({
      ...{ visitors: '812', events: '9,120', conversion: '8.3 %', revenue: '€1,823.40', p50: '64 ms', p95: '180 ms' },
      ...{ again: '41 came twice and count once, 17 came late', freshness: 'Newest event 800 ms ago' },
    });
    expect(bars.funnel.map(({ text, part }) => `${text} ${part.toFixed(2)}`)).toEqual(['700 1.00', '212 0.30', '61 0.09', '58 0.08']);
    expect(bars.products).toEqual([{ name: 'braeburn-apple', text: '210', part: 1 }]);
    expect(summary).toBe('812 visitors, 58 orders confirmed, revenue €1,823.40, conversion 8.3 %.');
  });

  it('is little where nothing happened', () => {
    const { asOf } = live.freshness;
    const nothing = { ...live, freshness: { asOf }, revenue: [], topProducts: [], conversion: 0, timeToConfirm: undefined };
    expect(toTexts(nothing).texts).toMatchObject({ freshness: 'Nothing has happened', revenue: '–', p95: '–', conversion: '0.0 %' });
  });

  it('has money and times in their units', () => {
    const freshness = { ...live.freshness, lagMilliseconds: 150_000 };
    const revenue = [{ amount: 150, currency: 'JPY' }, { amount: 150, currency: 'EUR' }]; // prettier-ignore
    const { texts } = toTexts({ ...live, freshness, revenue, timeToConfirm: { p50: 999.6, p95: 1500 } });
    expect(texts).toMatchObject({ revenue: '¥150 · €1.50', freshness: 'Newest event 2 min ago', p50: '1.0 s', p95: '1.5 s' });
  });
});

describe('a line', () => {
  it('ends at the right, between the least and the most', () => {
    expect(toPath([10, 30, 20], 5, 100, 40)).toBe('M50.0 40.0L75.0 0.0L100.0 20.0');
  });

  it('is in the middle while nothing moves', () => {
    expect(toPath([7], 300, 200, 40)).toBe('M200.0 20.0');
    expect(toPath([7, 7], 2, 200, 40)).toBe('M0.0 20.0L200.0 20.0');
  });
});
