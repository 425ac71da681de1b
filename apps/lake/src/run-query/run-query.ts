import type { LakeNotice } from '../notices.ts';
import type { QueryItem } from '../queries-table.ts';
import type { Answer } from './answer-sql.ts';
import { SqlLimit, SqlProblem } from './check-sql.ts';

export interface RunQueryDeps {
  moveQuery(item: QueryItem): Promise<boolean>;
  findQuery(queryId: string): Promise<QueryItem | undefined>;
  answer(item: QueryItem, signal: AbortSignal): Promise<Answer>;
  tell(notice: LakeNotice): Promise<void>;
  /** Milliseconds between two looks whether somebody has cancelled it. */
  readonly lookEvery: number;
  /** Milliseconds that a question may take. */
  readonly most: number;
}

/** Brings a question to its end. It can come twice, and ends once. */
export const runQuery =
  ({ moveQuery, findQuery, answer, tell, lookEvery, most }: RunQueryDeps) =>
  async (item: QueryItem): Promise<void> => {
    if (!(await moveQuery({ ...item, status: 'RUNNING' }))) return;
    const ending = new AbortController();
    const look = setInterval(() => {
      void findQuery(item.queryId).then(
        (now) => now?.status === 'CANCELLED' && ending.abort('cancelled'),
        () => undefined,
      );
    }, lookEvery);
    const late = setTimeout(() => ending.abort('late'), most);
    try {
      const { bytesScanned, ...found } = await answer(item, ending.signal);
      await moveQuery({ ...item, status: 'SUCCEEDED', answer: found, bytesScanned });
    } catch (error) {
      const problem = ending.signal.aborted
        ? `The question took more than ${most / 1000} s.`
        : error instanceof SqlProblem
          ? error.message
          : undefined;
      if (problem === undefined) throw error;
      const isOver = error instanceof SqlLimit || ending.signal.reason === 'late';
      if ((await moveQuery({ ...item, status: 'FAILED', error: problem })) && isOver)
        await tell({ kind: 'query-over-limit', dataset: 'queries', queryId: item.queryId, problem });
    } finally {
      clearInterval(look);
      clearTimeout(late);
    }
  };
