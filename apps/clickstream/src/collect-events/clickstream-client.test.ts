import type { PageEvents } from '@larder/clickstream-client/events';
import { createTracker } from '@larder/clickstream-client/tracker';
import { clickstreamApi } from '@larder/contracts/clickstream/clickstream-api';
import { collectEvents } from './collect-events.ts';

/** One of each type that a page can say. */
const all: { readonly [Type in keyof PageEvents]: PageEvents[Type] } = {
  'page.viewed': { page: `/${'a-long-way/'.repeat(50)}` },
  'search.made': { words: 'pear '.repeat(100) },
  'product.viewed': { productId: 'braeburn-apple' },
  'basket.added': { productId: 'braeburn-apple', quantity: 2 },
  'coupon.tried': { code: 'PEAR10' },
};

describe('what @larder/clickstream-client sends', () => {
  it('is taken, whole', async () => {
    const produced: unknown[] = [];
    const collect = collectEvents({ produce: async (events) => void produced.push(...events), now: () => new Date() });
    const said: unknown[] = [];
    const answers: unknown[] = [];
    const tracker = createTracker({
      endpoint: '/clickstream/events',
      fetch: async (_address, { body }) => {
        const request = clickstreamApi.routes.collectEvents.body.parse(JSON.parse(body));
        said.push(...request.events);
        answers.push(await collect({ body: request }));
        return { status: 202 };
      },
    });
    for (const [type, properties] of Object.entries(all)) tracker.track(type as 'page.viewed', properties as PageEvents['page.viewed']);
    for (let more = 0; more < 296; more += 1) tracker.track('product.viewed', all['product.viewed']);
    for (let times = 0; times < 3; times += 1) await tracker.flush();
    expect(answers).toEqual(Array(3).fill({ accepted: 100, rejected: [] }));
    expect(produced).toEqual(said);
  });
});
