import { onSchedule } from '@larder/service/on-schedule';
import { findPartitions, keepRaw, readFile } from '../lake-store.ts';
import { tell } from '../notices.ts';
import { answerSql } from '../run-query/answer-sql.ts';
import { checkQuality } from './check-quality.ts';
import { findState, keepState } from './quality-table.ts';
import { qualityRules } from './rules.ts';

/** Milliseconds that a rule may take. */
const most = 60_000;

async function measure(sql: string): Promise<number> {
  let first: unknown;
  await answerSql({
    uploaded: [],
    filesOf: async (dataset, hours) => (hours.from > hours.to ? [] : (await findPartitions(dataset, hours)).flatMap(({ files }) => files)),
    readFile,
    mayRead: () => 'all',
    keepPage: async (_, rows) => void (first = rows[0]?.[0]),
    keepFile: async () => undefined,
    signal: AbortSignal.timeout(most),
  })(sql);
  return Number(first);
}

const keepResults = (id: string, lines: readonly string[]) => keepRaw('quality_results', id, lines, new Date());

export const handler = onSchedule(async ({ time }) => {
  await checkQuality({ rules: qualityRules, measure, findState, keepState, keepResults, tell })(time);
});
