import { toInvocation, within } from '@larder/service/invocation';
import type { Context } from 'aws-lambda';
import { arrive, listRaw } from '../lake-store.ts';
import { backfill, backfillOrder } from './backfill.ts';

const run = backfill({ listRaw, arrive });

/** Invoked by hand: `sls invoke --function backfill --data '{"dataset":"page_events","from":"2026-11-26","to":"2026-11-27"}'`. */
export const handler = (order: unknown, context: Context): Promise<{ readonly objects: number }> =>
  within(toInvocation(context), () => run(backfillOrder.parse(order)));
