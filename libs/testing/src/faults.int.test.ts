import { play } from './faults/scenario.ts';
import type { Mechanism } from './faults/sabotage.ts';

/** Another seed makes another day: `FAULT_SEED=7 npx nx int testing`. */
const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 1_000_000));

beforeAll(() => console.log(`fault suite, seed ${seed}: run it again with FAULT_SEED=${seed}`));

describe('under every fault', () => {
  it('a thousand orders keep every promise', async () => {
    const { damages, books, poison } = await play({ seed, orders: 1000, appetite: 1, rate: 1, weather: true });
    expect(damages).toEqual([]);
    expect(poison.found).toBeGreaterThanOrEqual(poison.sent);
    const ends = new Set(books.orders.map((order) => order.status));
    expect([...ends].sort()).toEqual(['CANCELLED', 'CONFIRMED', 'REJECTED']);
  }, 480_000);
});

describe('the fault suite notices when a mechanism is missing:', () => {
  it.each<[Mechanism, RegExp]>([
    ['inbox', /told (?![01] )\d+ times|requests made/],
    ['outbox', /came to no end|its reservation is|told 0 times/],
    ['condition', /below zero/],
    ['idempotency-key', /charged (?![01] )\d+ times/],
  ])(
    'the %s',
    async (sabotage, damage) => {
      const { damages } = await play({ seed, orders: 150, appetite: 6, rate: 1, sabotage, weather: false });
      expect(damages).toEqual(expect.arrayContaining([expect.stringMatching(damage)]));
    },
    300_000,
  );
});
