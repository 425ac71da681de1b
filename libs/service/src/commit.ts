import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type DynamoDb, dynamodb } from './aws/dynamodb.ts';
import { isPassing } from './aws/failure.ts';
import { variable } from './environment.ts';
import { AwsFailure, ConditionFailed, KitError } from './errors.ts';
import { findSettled, inboxRecord } from './inbox.ts';
import { type Cause, timeLeft } from './invocation.ts';
import type { EventOnce, RequestOnce } from './once.ts';
import { type NewEvent, outboxRecords } from './outbox.ts';
import { realTiming, retrying, type Timing } from './retry.ts';
import { ulid } from './ulid.ts';

export { ConditionFailed } from './errors.ts';
export type { Once, RequestOnce, EventOnce } from './once.ts';
export { type NewEvent, toEvent } from './outbox.ts';

interface Condition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** An action of TransactWriteItems, with plain values where DynamoDB has typed ones. */
export type Write =
  | { readonly Put: Condition & { readonly TableName: string; readonly Item: object } }
  | { readonly Update: Condition & { readonly TableName: string; readonly Key: object; readonly UpdateExpression: string } }
  | { readonly Delete: Condition & { readonly TableName: string; readonly Key: object } }
  | { readonly ConditionCheck: Condition & { readonly TableName: string; readonly Key: object; readonly ConditionExpression: string } };

/** One decision: what changes, what is said about it, and what must not happen twice. */
export type Commit<Answer extends object = object> = {
  readonly cause: Cause;
  /** At most 100 actions with those of inbox and outbox, each on another item. */
  readonly writes?: readonly Write[];
  readonly events?: readonly NewEvent[];
} & (
  | {
      readonly once: RequestOnce<Answer>;
      /** What the request is answered, now and whenever it comes again. */ readonly answer: NoInfer<Answer>;
    }
  | { readonly once?: EventOnce; readonly answer?: undefined }
);

export interface CommitDependencies {
  readonly dynamodb: Pick<DynamoDb, 'getItem' | 'transactWriteItems'>;
  readonly timing: Timing;
  readonly ulid: () => string;
  /** The wall clock: times of events, expiry of records. */
  readonly clock: () => Date;
}

/**
 * Writes state, events and the memory of having done so in one DynamoDB transaction: all of it or nothing.
 *
 * Conflicts, throttling, errors of the service and lost replies are tried again, with full jitter, within the invocation's time; the same `ClientRequestToken` keeps an attempt
 * that had succeeded from happening twice (for 10 minutes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html). Should a commit whose reply was lost be tried again after that, or by another
 * invocation, the inbox's condition answers `duplicate`, which is true: the effect is there, and this was not the attempt that made it. Without `once`, it is the conditions
 * of the writes that must keep it from happening twice.
 *
 * @returns `duplicate` when the effect was there already: of the same event, or the same request. Nothing is written then, and `onRequest` answers what was answered first.
 * @throws {ConditionFailed} when a condition of the writes does not hold. Nothing is written.
 * @throws {ContractViolation} when an event breaks its contract. Nothing is written.
 * @throws {AwsFailure} when DynamoDB did not do it in time. Whether it did it after all is not known; trying all again with the same `once` is safe.
 */
export const commit = /* @__PURE__ */ committer({ dynamodb, timing: realTiming, ulid, clock: () => new Date() });

/** {@link commit} with its world handed in. */
export function committer({ dynamodb, timing, ulid, clock }: CommitDependencies) {
  return async <Answer extends object>({
    once,
    cause,
    writes = [],
    events = [],
    answer,
  }: Commit<Answer>): Promise<'committed' | 'duplicate'> => {
    const now = clock();
    const memory = once ? [{ Put: { TableName: variable('INBOX_TABLE'), ...inboxRecord(once, answer, now) } }] : [];
    const outbox = outboxRecords(events, cause, now, ulid).map((Item) => ({ Put: { TableName: variable('OUTBOX_TABLE'), Item } }));
    const actions: Write[] = [...memory, ...writes, ...outbox];
    if (actions.length === 0) throw new KitError('COMMIT_EMPTY', 'A commit needs writes, events, or once');
    if (actions.length > 100)
      throw new KitError('COMMIT_TOO_LARGE', `A commit has at most 100 actions, and this has ${actions.length}: split it`);
    const input = { ClientRequestToken: ulid(), TransactItems: actions.map(toAction) };
    try {
      const policy = {
        attempts: 12,
        base: 10,
        most: 500,
        within: timeLeft(20_000, 200),
        retryable: (error: unknown) => isRetryable(error, once !== undefined),
      };
      await retrying(policy, timing, (left) => dynamodb.transactWriteItems(input, { within: left }));
    } catch (error) {
      const { failed, items } = failedConditions(error);
      if (failed.length === 0) throw error;
      if (memory.length === 0 || !failed.includes(0)) {
        const offset = memory.length;
        const ofWrites = failed.map((index) => index - offset).filter((index) => index < writes.length);
        throw new ConditionFailed(ofWrites, items.slice(offset, offset + writes.length), { cause: error });
      }
      if (once?.kind === 'request') once.settle(await findSettled<Answer>(once.id, dynamodb));
      return 'duplicate';
    }
    if (once?.kind === 'request') once.settle({ fingerprint: once.fingerprint, answer: answer as Answer });
    return 'committed';
  };
}

const passingReasons = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
]);

/** As long as one action was in another transaction's way, the conditions of the rest say nothing final. The memory alone does: it never goes away. */
function isRetryable(error: unknown, hasMemory: boolean): boolean {
  const reasons = cancellationReasons(error);
  if (reasons.length === 0) return isPassing(error);
  if (hasMemory && reasons[0]?.Code === 'ConditionalCheckFailed') return false;
  return reasons.some(({ Code }) => passingReasons.has(Code ?? ''));
}

function failedConditions(error: unknown): { failed: number[]; items: (Record<string, unknown> | undefined)[] } {
  const reasons = cancellationReasons(error);
  const failed = reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [index] : []));
  return { failed, items: reasons.map(({ Item }) => (Item ? unmarshall(Item) : undefined)) };
}

function cancellationReasons(error: unknown): readonly CancellationReason[] {
  if (!(error instanceof AwsFailure) || error.awsCode !== 'TransactionCanceledException') return [];
  return Array.isArray(error.members.CancellationReasons) ? error.members.CancellationReasons : [];
}

const plain = { removeUndefinedValues: true } as const;

function toAction(write: Write): TransactWriteItem {
  const [[kind, action]] = Object.entries(write) as [[string, Condition & { Item?: object; Key?: object }]];
  const { Item, Key, ExpressionAttributeValues: values } = action;
  return {
    [kind]: {
      ...action,
      ...(Item && { Item: marshall(Item, plain) }),
      ...(Key && { Key: marshall(Key, plain) }),
      ...(values && { ExpressionAttributeValues: marshall(values, plain) }),
      ...(action.ConditionExpression && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    },
  };
}
