import { ConditionFailed } from '@larder/service/errors';
import { table } from '@larder/service/table';

export type QueryStatus = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** A question, who asked it, and what became of it: nothing is deleted, so it is the record of who read what. */
export interface QueryItem {
  readonly queryId: string;
  readonly personId: string;
  readonly sql: string;
  readonly askedAt: string;
  readonly status: QueryStatus;
  /** The key of its answer. */
  readonly answer?: string | undefined;
  readonly bytesScanned?: number | undefined;
  readonly error?: string | undefined;
}

const queries = table<QueryItem>('Queries');

export const askQuery = (item: QueryItem): Promise<void> => queries.put(item);
export const findQuery = (queryId: string): Promise<QueryItem | undefined> => queries.get({ queryId }, { consistent: true });

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
