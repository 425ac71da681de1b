import { timeLeft } from '@larder/service/invocation';
import { log } from '@larder/service/log';
import { onSchedule } from '@larder/service/on-schedule';
import { ulid } from '@larder/service/ulid';
import { datasets } from '../datasets.ts';
import { findSubjects } from '../erasures-table.ts';
import {
  dropDue,
  dropLater,
  findArrivals,
  findPartition,
  forgetArrival,
  keepPartition,
  readFile,
  readRaw,
  writeFile,
} from '../lake-store.ts';
import { tell } from '../notices.ts';
import { mergeHour } from './merge-hour.ts';
import { refine } from './refine.ts';

/** Milliseconds that a round may take. */
const round = 60_000;

const store = { findArrivals, forgetArrival, readRaw, readFile, writeFile, findPartition, keepPartition, dropLater };

export const handler = onSchedule(async ({ time }) => {
  const hasTime = (): boolean => timeLeft(round, 0) === round;
  const { added, failed } = await refine({ ...store, findSubjects, merge: mergeHour, newId: ulid, now: () => new Date(), hasTime })(
    datasets,
  );
  await dropDue(time);
  if (added > 0) log.info('Events were added', { count: added });
  if (failed > 0) {
    log.warn('Events break their contracts, and are kept under failed/', { count: failed });
    await tell({
      kind: 'ingest-failed',
      dataset: 'events',
      count: failed,
      problem: 'Events break their contracts; each stands under failed/ with its reason.',
    });
  }
});
