import { backfill, backfillOrder } from './backfill.ts';

function world() {
  const days: Readonly<Record<string, readonly string[]>> = { '2026-10-31': ['a', 'b', 'c'], '2026-11-02': ['d'], '2026-11-03': ['e'] };
  const arrived: string[] = [];
  let [behind, pages] = [false, Infinity];
  const run = backfill({
    listRaw: async (_, day, after) => {
      const keys = days[day] ?? [];
      const from = after === undefined ? 0 : keys.indexOf(after);
      return { objects: keys.slice(from, from + 2).map((key) => ({ key, bytes: 1 })), next: keys[from + 2] };
    },
    isBehind: async () => behind,
    hasTime: () => pages-- > 0,
    arrive: async (dataset, { key }) => void arrived.push(`${dataset}/${key}`),
  });
  return { run, arrived, fallBehind: () => (behind = true), catchUp: () => (behind = false), limit: (most: number) => (pages = most) };
}

describe('a backfill', () => {
  it('has all objects of its days refined again, over the ends of pages and months', async () => {
    const { run, arrived } = world();
    expect(await run({ dataset: 'page_events', from: '2026-10-31', to: '2026-11-02' })).toEqual({ objects: 4 });
    expect(arrived).toEqual(['a', 'b', 'c', 'd'].map((key) => `page_events/${key}`));
  });

  it('says where to go on when time runs out, or refining is behind', async () => {
    const { run, arrived, limit, fallBehind, catchUp } = world();
    limit(1);
    const first = await run({ dataset: 'page_events', from: '2026-10-31', to: '2026-11-02' });
    expect(first).toEqual({ objects: 2, next: { dataset: 'page_events', from: '2026-10-31', to: '2026-11-02', after: 'c' } });
    limit(Infinity);
    fallBehind();
    expect(await run(backfillOrder.parse(first.next))).toEqual({ objects: 0, next: first.next });
    catchUp();
    expect(await run(backfillOrder.parse(first.next))).toEqual({ objects: 2 });
    expect(arrived).toEqual(['a', 'b', 'c', 'd'].map((key) => `page_events/${key}`));
  });

  it('is refused for days that make no sense, and for datasets that are not there', async () => {
    const { run } = world();
    await expect(run({ dataset: 'page_events', from: '2026-11-02', to: '2026-11-01' })).rejects.toThrow('ask for 1 to');
    await expect(run({ dataset: 'page_events', from: '1026-11-02', to: '2026-11-01' })).rejects.toThrow('ask for 1 to');
    await expect(run({ dataset: 'page_events', from: '2026-13-02', to: '2026-11-01' })).rejects.toThrow('ask for 1 to');
    expect(backfillOrder.safeParse({ dataset: 'orders', from: '2026-11-01', to: '2026-11-01' }).success).toBe(false);
    expect(backfillOrder.safeParse({ dataset: 'page_events', from: 'yesterday', to: '2026-11-01' }).success).toBe(false);
  });
});
