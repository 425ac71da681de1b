import { timeLeft, toInvocation, within } from '@larder/service/invocation';
import type { Context } from 'aws-lambda';
import { arrive, findArrivals, listRaw } from '../lake-store.ts';
import { backfill, type Backfilled, backfillOrder } from './backfill.ts';

/** Objects that refining takes some minutes for. */
const mostWaiting = 2000;
/** Milliseconds that a page of objects may take. */
const page = 30_000;

const run = backfill({
  ...{ listRaw, arrive },
  isBehind: async (dataset) => (await findArrivals(dataset, mostWaiting)).length === mostWaiting,
  hasTime: () => timeLeft(page, 0) === page,
});

/** Invoked by hand: `sls invoke --function backfill --data '{"dataset":"page_events","from":"2026-11-26","to":"2026-11-27"}'`; again with what it says is `next`, until it says nothing more. */
export const handler = (order: unknown, context: Context): Promise<Backfilled> =>
  within(toInvocation(context), () => run(backfillOrder.parse(order)));
