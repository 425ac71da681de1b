import type { QueryStatus } from '@larder/contracts/lake/lake-api';
import { ConditionFailed } from '@larder/service/errors';
import type { RequestCaller } from '@larder/service/on-request';
import { type Page, table } from '@larder/service/table';
import type { Answer } from './run-query/answer-sql.ts';
import type { TeamName } from './teams.ts';

/** A question, who asked it, and what became of it: nothing is deleted, so it is the record of who read what. */
export interface QueryItem {
  readonly queryId: string;
  readonly personId: string;
  /** The teams that they belonged to when they asked. */
  readonly teams: readonly TeamName[];
  readonly sql: string;
  readonly askedAt: string;
  readonly status: QueryStatus;
  readonly answer?: Omit<Answer, 'bytesScanned'> | undefined;
  readonly bytesScanned?: number | undefined;
  readonly error?: string | undefined;
}

const queries = table<QueryItem>('Queries');

export const askQuery = (item: QueryItem): Promise<void> => queries.put(item);
export const findQuery = (queryId: string): Promise<QueryItem | undefined> => queries.get({ queryId }, { consistent: true });

/** A person's questions, the newest first. @param after the id of the last one on the page before. */
export const findQueriesOf = (personId: string, limit: number, after: string | undefined): Promise<Page<QueryItem>> =>
  queries.query({
    index: 'ByPerson',
    where: 'personId = :personId',
    values: { ':personId': personId },
    descending: true,
    limit,
    after: after === undefined ? undefined : { personId, queryId: after },
  });

/** A page of everybody's questions. */
export const scanQueries = (limit: number, after: string | undefined): Promise<Page<QueryItem>> =>
  queries.scan({ limit, after: after === undefined ? undefined : { queryId: after } });

/** Changes a question that has ended, whatever became of it. */
export const rewriteQuery = (item: QueryItem): Promise<void> => queries.put(item);

/** @returns a question of the person who asks. Anybody else does not learn that it exists. */
export async function findOwnQuery(queryId: string, caller: RequestCaller): Promise<QueryItem | undefined> {
  const query = await findQuery(queryId);
  return caller.kind === 'person' && query?.personId === caller.id ? query : undefined;
}

/** Changes a question that has not come to an end. @returns whether it has been changed. */
export async function moveQuery(item: QueryItem): Promise<boolean> {
  try {
    await queries.put(item, {
      condition: '#status IN (:queued, :running)',
      names: { '#status': 'status' },
      values: { ':queued': 'QUEUED', ':running': 'RUNNING' },
    });
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
