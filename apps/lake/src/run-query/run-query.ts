import type { QueryItem } from '../queries-table.ts';
import type { Answer } from './answer-sql.ts';
import { SqlProblem } from './check-sql.ts';

export interface RunQueryDeps {
  moveQuery(item: QueryItem): Promise<boolean>;
  findQuery(queryId: string): Promise<QueryItem | undefined>;
  answer(item: QueryItem, signal: AbortSignal): Promise<Answer>;
  /** Milliseconds between two looks whether somebody has cancelled it. */
  readonly lookEvery: number;
  /** Milliseconds that a question may take. */
  readonly most: number;
}

/** Brings a question to its end. It can come twice, and ends once. */
export const runQuery =
  ({ moveQuery, findQuery, answer, lookEvery, most }: RunQueryDeps) =>
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
      if (ending.signal.aborted) await moveQuery({ ...item, status: 'FAILED', error: `The question took more than ${most / 1000} s.` });
      else if (error instanceof SqlProblem) await moveQuery({ ...item, status: 'FAILED', error: error.message });
      else throw error;
    } finally {
      clearInterval(look);
      clearTimeout(late);
    }
  };
