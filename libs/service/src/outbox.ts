import { type AnyEventContract, type Entry, encode } from '@larder/contracts/wire';
import type * as z from 'zod/mini';
import { KitError } from './errors.ts';
import type { Cause } from './invocation.ts';
import { toTraceHeader } from './trace.ts';

/** Something that happened, to be handed to `commit`. Made by {@link toEvent}. */
export interface NewEvent {
  readonly contract: AnyEventContract;
  readonly data: object;
}

/** Says that something happened. The payload is checked, strictly, when it is committed. */
export function toEvent<Contract extends AnyEventContract>(contract: Contract, data: z.output<Contract['data']>): NewEvent {
  return { contract, data };
}

/** An entry as the outbox keeps it and PutEvents takes it, but for the bus. */
export type OutboxEntry = Entry & { readonly TraceHeader?: string | undefined };

/** An item of the outbox: what one commit says of one aggregate. */
export interface OutboxRecord {
  /** Hash key: the aggregate's id, so that the stream keeps the order of its commits. */
  readonly aggregate: string;
  /** Range key: ULID. */
  readonly commit: string;
  readonly events: readonly OutboxEntry[];
  /** Seconds since 1970. The stream has long been read by then. */
  readonly expiresAt: number;
}

/** Room for keys and names within DynamoDB's 400 KB an item. */
const mostBytes = 380 * 1024;
const week = 7 * 24 * 60 * 60;

/**
 * The items that carry events out of a commit, already encoded: what is written can be published.
 *
 * @throws {ContractViolation} for an event that breaks its contract.
 * @throws {KitError} `COMMIT_TOO_LARGE`.
 */
export function outboxRecords(events: readonly NewEvent[], cause: Cause, now: Date, ulid: () => string): OutboxRecord[] {
  const { correlationId, causationId, traceparent } = cause;
  const TraceHeader = toTraceHeader(traceparent);
  const aggregates = new Map<string, OutboxEntry[]>();
  for (const { contract, data } of events) {
    const entry = encode(contract, {
      id: ulid(),
      time: now,
      data: data as z.output<typeof contract.data>,
      correlationId,
      causationId,
      traceparent,
    });
    const subject = contract.subject(data as never);
    aggregates.set(subject, [...(aggregates.get(subject) ?? []), { ...entry, TraceHeader }]);
  }
  const commit = ulid();
  const expiresAt = Math.floor(now.getTime() / 1000) + week;
  return [...aggregates].map(([aggregate, entries]) => {
    const bytes = entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0);
    if (bytes > mostBytes)
      throw new KitError(
        'COMMIT_TOO_LARGE',
        `The events of one aggregate have ${bytes} bytes, and ${mostBytes} is the most: publish a reference instead`,
      );
    return { aggregate, commit, events: entries, expiresAt };
  });
}
