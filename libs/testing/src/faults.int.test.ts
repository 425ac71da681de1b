import { closeShop, play, type Outcome } from './faults/scenario.ts';
import type { Mechanism } from './faults/sabotage.ts';

/** Another seed makes another day: `FAULT_SEED=7 npx nx int testing`. */
const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 1_000_000));

beforeAll(() => console.log(`fault suite, seed ${seed}: run it again with FAULT_SEED=${seed}`));

afterAll(closeShop);

describe('under every fault', () => {
  it('a thousand orders keep every promise', async () => {
    const { damages, books, poison } = await play({ seed, orders: 1000, appetite: 1, rate: 1, weather: true });
    expect(damages).toEqual([]);
    expect(poison.found).toBeGreaterThanOrEqual(poison.sent);
    const ends = new Set(books.orders.map((order) => order.status));
    expect([...ends].sort()).toEqual(['CANCELLED', 'CONFIRMED', 'REJECTED']);
  }, 900_000);
});

describe('the fault suite notices when a mechanism is missing:', () => {
  /** What shows it, and how bad a day that takes: most mechanisms are missed on a good one, and an inbox where something comes twice. */
  const tellTales: Readonly<Record<Mechanism, { readonly damage: RegExp; readonly rate: number }>> = {
    inbox: { damage: /told (?![01] )\d+ times|requests made/, rate: 1 },
    outbox: { damage: /came to no end|its reservation is|told 0 times/, rate: 0 },
    condition: { damage: /below zero/, rate: 0 },
    'idempotency-key': { damage: /charged (?![01] )\d+ times/, rate: 0 },
  };
  const mechanisms = Object.keys(tellTales) as Mechanism[];
  const outcomes = new Map<Mechanism, PromiseSettledResult<Outcome>>();

  // At once, each on a laptop cloud of its own: most of the time they wait for retries.
  beforeAll(async () => {
    const plays = mechanisms.map((sabotage) => {
      const { damage, rate } = tellTales[sabotage];
      // What is on its way looks like what came to no end: only without the outbox a run has to come to rest.
      const until = sabotage === 'outbox' ? undefined : damage;
      return play({ seed, orders: 60, appetite: 15, rate, sabotage, until, weather: false });
    });
    for (const [index, outcome] of (await Promise.allSettled(plays)).entries()) outcomes.set(mechanisms[index] as Mechanism, outcome);
  }, 900_000);

  it.each(mechanisms)('the %s', (mechanism) => {
    const outcome = outcomes.get(mechanism);
    if (outcome?.status !== 'fulfilled') throw outcome?.reason;
    expect(outcome.value.damages).toEqual(expect.arrayContaining([expect.stringMatching(tellTales[mechanism].damage)]));
  });
});
