import { AwsError } from '../kernel/aws-error.ts';

export interface Entry {
  readonly Id: string;
}

/**
 * Does each entry of a batch for itself: what fails is answered as failed, the rest is done.
 * @throws {AwsError} when the batch itself is wrong: empty, over ten entries, ids that repeat.
 */
export function batch<Given extends Entry>(entries: unknown, each: (entry: Given & Record<string, unknown>) => object): object {
  const list = checked<Given & Record<string, unknown>>(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of list) {
    try {
      Successful.push({ Id: entry.Id, ...each(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

function checked<Given extends Entry>(entries: unknown): readonly Given[] {
  if (!Array.isArray(entries) || entries.length === 0)
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > 10) throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  const ids = new Set<string>();
  for (const entry of entries as (Given | null)[]) {
    const Id = entry?.Id ?? '';
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
  return entries as Given[];
}
