// Orders from request to CONFIRMED on the laptop cloud: unloaded, at 1, 8 and 32 at once, and the memory that many of them take.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { startLarder, type RunningLarder } from '@larder/testing/larder';
import { shopper, type Shopper } from '@larder/testing/shopper';
import { signedFetch } from '@larder/testing/signed-fetch';
import { stocked } from '@larder/testing/faults/weather';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    orders: { type: 'string', default: '400' },
    memory: { type: 'string', default: '10000' },
  },
});

/** The aim, in milliseconds. */
const AIM_MS = 100;
const PRODUCTS = ['braeburn-apple', 'ripe-banana', 'sourdough-loaf', 'hummus', 'pale-ale', 'matches', 'pretzel', 'feta-200-g'];

/** Confirmations that came before anybody asked for them. */
const early = new Map<string, number>();

const state = await mkdtemp(join(tmpdir(), 'larder-bench-'));
const larder = await startLarder({ state });
try {
  const confirmations = await follow(larder);
  await stocked(larder, PRODUCTS);
  await refill(larder);
  const ada = await shopper(larder, 'ada@example.com');
  const count = Number(values.orders);

  await rounds(ada, confirmations, 60, 8);
  const unloaded = await rounds(ada, confirmations, 100, 1);
  const loaded = [];
  for (const atOnce of [1, 8, 32]) loaded.push({ atOnce, ...(await rounds(ada, confirmations, count, atOnce)) });

  const before = await residentMb(larder);
  const memory = [{ orders: 0, mb: before }];
  const most = Number(values.memory);
  for (let done = 0; done < most;) {
    const step = Math.min(Math.ceil(most / 4), most - done);
    await rounds(ada, confirmations, step, 16);
    done += step;
    memory.push({ orders: done, mb: await residentMb(larder) });
  }

  if (values.json) console.log(JSON.stringify({ unloaded, loaded, memory }));
  else print(unloaded, loaded, memory);
} finally {
  await larder.stop();
  await rm(state, { recursive: true, force: true });
}

interface Round {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly perSecond: number;
}

/** Places orders with some at once; each is timed from its request to the moment when its confirmation is on the bus. */
async function rounds(person: Shopper, confirmations: Map<string, (at: number) => void>, orders: number, atOnce: number): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < orders; n = next++) {
      const began = performance.now();
      const { status, body } = await person.order([{ productId: PRODUCTS[n % PRODUCTS.length] as string, quantity: 1 }], 'tok_ok');
      if (status !== 202) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
      times.push((await confirmed(confirmations, body.orderId)) - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  return { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95), perSecond: orders / seconds };
}

function confirmed(confirmations: Map<string, (at: number) => void>, orderId: string): Promise<number> {
  const at = early.get(orderId);
  if (at !== undefined) {
    early.delete(orderId);
    return Promise.resolve(at);
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`order ${orderId} was not confirmed within a minute`)), 60_000);
    confirmations.set(orderId, (when) => {
      clearTimeout(timer);
      confirmations.delete(orderId);
      resolve(when);
    });
  });
}

/** Listens to the bus. */
async function follow({ endpoint }: RunningLarder): Promise<Map<string, (at: number) => void>> {
  const waiting = new Map<string, (at: number) => void>();
  const { body } = await fetch(`${endpoint}/_local/events?follow`);
  if (!body) throw new Error('the laptop cloud tells nothing of its events');
  createInterface({ input: Readable.fromWeb(body) })
    .on('line', (line) => {
      // A sign that the stream goes on.
      if (line === '') return;
      const { event } = JSON.parse(line) as { event: { 'detail-type'?: string; detail?: { subject?: string } } };
      if (event['detail-type'] !== 'OrderConfirmed.v1' || event.detail?.subject === undefined) return;
      const now = performance.now();
      const tell = waiting.get(event.detail.subject);
      if (tell) tell(now);
      else early.set(event.detail.subject, now);
    })
    // The stream ends with the cloud.
    .on('error', () => undefined);
  return waiting;
}

/** So that no order is rejected. */
async function refill({ gateway }: RunningLarder): Promise<void> {
  for (const productId of PRODUCTS) {
    await signedFetch(`${gateway}/inventory/stock/${productId}/receipts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ quantity: 1_000_000 }),
    });
  }
}

/** Memory of the process, in MB (Linux). */
async function residentMb({ process: { pid } }: RunningLarder): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function print(unloaded: Round, loaded: readonly (Round & { atOnce: number })[], memory: readonly { orders: number; mb: number }[]): void {
  const [alone] = loaded;
  console.log(
    `unloaded: median ${unloaded.medianMs.toFixed(1)} ms, ${(unloaded.medianMs / AIM_MS).toFixed(2)} × the aim of ${AIM_MS} ms\n`,
  );
  console.table(
    loaded.map(({ atOnce, perSecond, medianMs, p95Ms }) => ({
      'at once': atOnce,
      'orders/s': perSecond.toFixed(1),
      '× one at a time': (perSecond / (alone?.perSecond ?? perSecond)).toFixed(2),
      'median ms': medianMs.toFixed(1),
      'p95 ms': p95Ms.toFixed(1),
    })),
  );
  const [, first] = memory;
  console.table(
    memory.map(({ orders, mb }) => ({
      'orders since': orders,
      'memory MB': mb.toFixed(0),
      '× the first quarter': (mb / (first?.mb ?? mb)).toFixed(2),
    })),
  );
}
