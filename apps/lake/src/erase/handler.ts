import { timeLeft } from '@larder/service/invocation';
import { log } from '@larder/service/log';
import { onSchedule } from '@larder/service/on-schedule';
import { ulid } from '@larder/service/ulid';
import { dropAnswer, listAnswers, readAnswerText } from '../answers.ts';
import { datasets } from '../datasets.ts';
import { findOpenErasures, keepErasure } from '../erasures-table.ts';
import { listUploaded } from '../files/datasets-table.ts';
import { dropDue, dropLater, findPartition, keepPartition, listObjects, readFile, removeObject, writeFile } from '../lake-store.ts';
import { findQuery, rewriteQuery, scanQueries } from '../queries-table.ts';
import { packLines } from '../raw-lines.ts';
import { eraseInFile, findInFile } from './erase-file.ts';
import { eraseAll } from './erase.ts';
import { isNamedIn } from './is-named-in.ts';
import { zonesOf } from './zones.ts';

/** Milliseconds that a page may take. */
const page = 30_000;

const store = { listObjects, readFile, writeFile, removeObject, packLines, findPartition, keepPartition, dropLater };
const asked = { listAnswers, readAnswerText, dropAnswer, scanQueries, findQuery, rewriteQuery };

export const handler = onSchedule(async ({ time }) => {
  const now = (): Date => new Date(Math.max(Date.now(), time.getTime()));
  await dropDue(now());
  const zones = zonesOf(datasets, await listUploaded(), { ...store, ...asked, isNamedIn, findInFile, eraseInFile, newId: ulid, now });
  const hasTime = (): boolean => timeLeft(page, 0) === page;
  const { erased, late } = await eraseAll({ findOpenErasures, keep: keepErasure, zones, hasTime, now })();
  if (erased > 0) log.info('People were erased', { count: erased });
  // An error rings the function's alarm.
  if (late > 0) throw new Error(`${late} erasures have not ended within the time that is promised`);
});
