import { onTableChange } from '@larder/service/on-table-change';
import { keepAnswer } from '../answers.ts';
import { findPartitions, readFile } from '../lake-store.ts';
import { findQuery, moveQuery, type QueryItem } from '../queries-table.ts';
import { answerSql, type AnswerSqlDeps } from './answer-sql.ts';
import { runQuery } from './run-query.ts';

const filesOf: AnswerSqlDeps['filesOf'] = async (dataset, hours) =>
  hours.from > hours.to ? [] : (await findPartitions(dataset, hours)).flatMap(({ files }) => files);

const run = runQuery({
  moveQuery,
  findQuery,
  answer: (sql, signal) => answerSql({ filesOf, readFile, signal })(sql),
  keepAnswer,
  lookEvery: 1000,
  most: 60_000,
});

export const handler = onTableChange<QueryItem>((change) => (change.kind === 'inserted' ? run(change.new) : undefined), { concurrency: 2 });
