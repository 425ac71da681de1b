import { onTableChange } from '@larder/service/on-table-change';
import { keepFile, keepPage } from '../answers.ts';
import { listUploaded } from '../files/datasets-table.ts';
import { findPartitions, readFile } from '../lake-store.ts';
import { tell } from '../notices.ts';
import { findQuery, moveQuery, type QueryItem } from '../queries-table.ts';
import { readableColumns } from '../teams.ts';
import { answerSql, type AnswerSqlDeps } from './answer-sql.ts';
import { runQuery } from './run-query.ts';

const filesOf: AnswerSqlDeps['filesOf'] = async (dataset, hours) =>
  hours.from > hours.to ? [] : (await findPartitions(dataset, hours)).flatMap(({ files }) => files);

const run = runQuery({
  moveQuery,
  findQuery,
  answer: async ({ queryId, teams, sql }, signal) =>
    answerSql({
      uploaded: await listUploaded(),
      filesOf,
      readFile,
      mayRead: (table) => readableColumns(teams, table),
      keepPage: (page, rows) => keepPage(queryId, page, rows),
      keepFile: (parquet) => keepFile(queryId, 'parquet', parquet),
      signal,
    })(sql),
  tell,
  lookEvery: 1000,
  most: 60_000,
});

export const handler = onTableChange<QueryItem>((change) => (change.kind === 'inserted' ? run(change.new) : undefined), { concurrency: 2 });
