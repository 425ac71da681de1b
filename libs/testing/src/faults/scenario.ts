import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from '@larder/contracts/common';
import { eventually } from '../eventually.ts';
import { startLarder } from '../larder.ts';
import { chance, pick } from '../random.ts';
import { shopper, type Shopper } from '../shopper.ts';
import { damagesIn, readBooks, type Books } from './invariants.ts';
import type { Mechanism } from './sabotage.ts';
import { cancelLateOrders, hasten, poison, redrive, replayEverything, settled, stocked } from './weather.ts';

export interface Scenario {
  readonly seed: number;
  readonly orders: number;
  /** How much more than a few of each product an order asks for: few orders need a large appetite to meet the end of the stock. */
  readonly appetite: number;
  /** 1 is a bad day, 0 is none. */
  readonly rate: number;
  readonly sabotage?: Mechanism;
  /** A damage that no moment of a sound run shows: once it is found, nothing is waited for. Without a mechanism some retries would go on for long. */
  readonly until?: RegExp | undefined;
  /** Also kill the runner half-way, jump the clock, replay the archive and send poison. */
  readonly weather: boolean;
}

export interface Outcome {
  readonly damages: readonly string[];
  readonly books: Books;
  /** Poison that was sent, and dead letters that were found for it. */
  readonly poison: { readonly sent: number; readonly found: number };
}

const AT_ONCE = 16;
/** Few products, so that orders meet, and little of each, so that some ask for more than there is. */
const PRODUCTS = ['braeburn-apple', 'ripe-banana', 'sourdough-loaf', 'hummus', 'pale-ale', 'matches', 'pretzel', 'feta-200-g'] as const;
const TOKENS = [
  ['tok_ok', 0.68],
  ['tok_declined', 0.12],
  ['tok_lost_reply', 0.1],
  ['tok_error', 0.08],
  ['tok_slow', 0.02],
] as const;

/** Places seeded orders while things go wrong, waits until nothing moves any more, and reads the books. */
export async function play(scenario: Scenario): Promise<Outcome> {
  const { seed, orders, weather } = scenario;
  const state = await freshState();
  const env = {
    FAULT_SEED: String(seed),
    FAULT_RATE: String(scenario.rate),
    ...(scenario.sabotage ? { FAULT_SABOTAGE: scenario.sabotage } : {}),
  };
  const start = (ports?: readonly [number, number]) =>
    startLarder({ folder: SHOP, state, env, faults: join(import.meta.dirname, 'fault-hook.ts'), ...(ports ? { ports } : {}) });

  let larder = await start();
  try {
    await hasten(larder);
    const accepted = new Map<string, string>();
    const half = weather ? Math.floor(orders / 2) : orders;

    await placeAll(await shopper(larder, 'ada@example.com'), scenario, 0, half, accepted);
    if (weather) {
      const ports = [portOf(larder.endpoint), portOf(larder.gateway)] as const;
      await larder.stop('SIGKILL');
      larder = await start(ports);
      await hasten(larder);
      await poison(larder);
      await Promise.all([
        placeAll(await shopper(larder, 'ada@example.com'), scenario, half, orders, accepted),
        replayEverything(larder),
        cancelLateOrders(larder, 16 * 60_000),
      ]);
    }

    if (scenario.until) return await firstSight(larder, scenario.until, accepted);
    await settled(larder);
    const found = await redrive(larder);
    await settled(larder);
    // What is still open now waits for a payment that will not come: time passes.
    await cancelLateOrders(larder, 60 * 60_000);
    await settled(larder);
    const books = await readBooks(larder.endpoint);
    return { damages: damagesIn(books, accepted), books, poison: { sent: weather ? POISON : 0, found } };
  } catch (error) {
    throw new Error(`the scenario with seed ${seed} could not be played to its end:\n${larder.output()}`, { cause: error });
  } finally {
    await larder.stop();
    await rm(state, { recursive: true, force: true });
  }
}

const SHOP = join(import.meta.dirname, 'shop');

let opened: Promise<string> | undefined;

/** The state of a shop that has just been opened: plays begin on copies of it, so that it is packaged, deployed and stocked once for all of them. */
async function freshState(): Promise<string> {
  opened ??= open();
  const state = await mkdtemp(join(tmpdir(), 'larder-faults-'));
  await cp(await opened, state, { recursive: true });
  return state;
}

async function open(): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), 'larder-opened-'));
  const larder = await startLarder({ folder: SHOP, state });
  await stocked(larder, PRODUCTS);
  await larder.stop();
  return state;
}

/** Forgets the opened shop. */
export async function closeShop(): Promise<void> {
  if (opened) await rm(await opened, { recursive: true, force: true });
  opened = undefined;
}

/** The books as they are when a damage can be seen for the first time. */
async function firstSight({ endpoint }: { endpoint: string }, damage: RegExp, accepted: ReadonlyMap<string, string>): Promise<Outcome> {
  return eventually(
    `a damage like ${damage}`,
    async () => {
      const books = await readBooks(endpoint);
      const damages = damagesIn(books, accepted);
      return damages.some((sentence) => damage.test(sentence)) ? { damages, books, poison: { sent: 0, found: 0 } } : undefined;
    },
    240_000,
  );
}

/** How many messages {@link poison} sends. */
export const POISON = 6;

async function placeAll(
  person: Shopper,
  { seed, appetite }: Scenario,
  from: number,
  to: number,
  accepted: Map<string, string>,
): Promise<void> {
  let next = from;
  const lane = async () => {
    for (let n = next++; n < to; n = next++) {
      const key = `order-${seed}-${n}`;
      const { status, body } = await person.order(linesOf(seed, n, appetite), tokenOf(seed, n), key);
      if (status !== 202) throw new Error(`order ${n} was answered with ${status}: ${JSON.stringify(body)}`);
      accepted.set(key, body.orderId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function linesOf(seed: number, n: number, appetite: number): Line[] {
  const count = 1 + Math.floor(chance(seed, 'lines', n) * 3);
  const productIds = new Set(Array.from({ length: count }, (_, index) => pick(PRODUCTS, seed, 'product', n, index)));
  return [...productIds].map((productId, index) => ({
    productId,
    quantity: appetite * (1 + Math.floor(chance(seed, 'quantity', n, index) * 6)),
  }));
}

function tokenOf(seed: number, n: number): string {
  let drawn = chance(seed, 'token', n);
  for (const [token, share] of TOKENS) {
    drawn -= share;
    if (drawn < 0) return token;
  }
  return 'tok_ok';
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
