import { fakePage, products } from './page.fixture.ts';

const upTo = (number: number) => Array.from({ length: number }, (_, at) => at);
const ids = (events: readonly { readonly id: string }[] | undefined) => events?.map(({ id }) => id);

describe('an event', () => {
  it('has an id, its time, its type and its session, whatever its properties say', async () => {
    const { tracker, sent, requests } = fakePage({ sessionId: 's-1' });
    tracker.track('basket.added', { productId: 'pear', quantity: 2, ...{ id: 'mine', sessionId: 'somebody' } });
    await tracker.flush();
    const id = expect.stringMatching(/^01[0-9A-HJKMNP-TV-Z]{24}$/);
    expect(sent()).toEqual([
      [{ id, time: '2026-11-02T09:30:00.000Z', type: 'basket.added', sessionId: 's-1', productId: 'pear', quantity: 2 }],
    ]);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      keepalive: false,
    });
  });

  it('is cut where it is longer than what is taken', async () => {
    const { tracker, sent } = fakePage();
    tracker.track('search.made', { words: 'pear '.repeat(100) });
    await tracker.flush();
    expect(sent()[0]?.[0]).toMatchObject({ words: 'pear '.repeat(40) });
  });
});

describe('events', () => {
  it('wait for others for a while, and go together and in order', async () => {
    const { view, pass, sent } = fakePage();
    view(1);
    await pass(4000);
    view(2, 3);
    expect(sent()).toEqual([]);
    await pass(1000);
    expect(sent().map(products)).toEqual([[1, 2, 3]]);
    await pass(60_000);
    expect(sent()).toHaveLength(1);
  });

  it('go at once when there are as many as a request takes, the others after them', async () => {
    const { view, pass, sent } = fakePage();
    view(...upTo(230));
    await pass(0);
    await pass(0);
    expect(sent().map(({ length }) => length)).toEqual([100, 100]);
    await pass(5000);
    expect(sent().flatMap(products)).toEqual(upTo(230));
  });

  it('go in requests that outlive a page, in bytes as they are sent', async () => {
    const { tracker, pass, requests, sent } = fakePage();
    for (const _ of upTo(200)) tracker.track('search.made', { words: '🍐\u0000'.repeat(66) });
    for (const _ of upTo(6)) await pass(5000);
    expect(Math.max(...requests.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(61_000);
    expect(sent().flat()).toHaveLength(200);
  });

  it.each([[0], [429], [500], [503]])('come again under the same ids after %d, later each time', async (status) => {
    const { view, pass, sent, answers } = fakePage();
    answers.push(...upTo(3).map(() => (status === 0 ? Promise.reject(new TypeError('Failed to fetch')) : status)));
    view(1, 2);
    await pass(5000);
    view(3);
    const after: number[] = [];
    for (let seconds = 0; sent().length < 4; seconds += 0.5) {
      const before = sent().length;
      await pass(500);
      if (sent().length > before) after.push(seconds);
    }
    expect(sent().map(products)).toEqual([
      [1, 2],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(new Set(sent().map((events) => ids(events)?.slice(0, 2).join())).size).toBe(1);
    const [first = 0, second = 0, third = 0] = after;
    expect([first < 2, second - first < 4, third - second < 8, third > 3]).toEqual([true, true, true, true]);
    await pass(60_000);
    expect(sent()).toHaveLength(4);
  });

  it('are never further apart than what is recognised when it comes again', async () => {
    const { view, pass, sent, answers } = fakePage();
    answers.push(...upTo(20).map(() => 503));
    view(1);
    for (const _ of upTo(12)) await pass(30_000);
    expect(sent()).toHaveLength(12);
  });

  it('that the service refuses do not come again, and are counted', async () => {
    const { tracker, view, pass, sent, answers } = fakePage();
    answers.push(400);
    view(1, 2);
    await pass(5000);
    view(3);
    await pass(5000);
    expect([sent().map(products), tracker.dropped]).toEqual([[[1, 2], [3]], 2]);
  });

  it('are no more than so many: the oldest are dropped, and counted', async () => {
    const { tracker, view, pass, sent, answers } = fakePage({ most: 150 });
    answers.push(503);
    view(...upTo(120));
    await pass(0);
    view(...upTo(300).slice(120));
    expect(tracker.dropped).toBe(150);
    for (const _ of upTo(3)) await pass(5000);
    expect(sent().slice(1).flatMap(products)).toEqual(upTo(300).slice(150));
  });
});
