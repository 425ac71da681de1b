import type { EventBridge } from './aws/eventbridge.ts';
import { isPassing } from './aws/failure.ts';
import { KitError } from './errors.ts';
import { timeLeft } from './invocation.ts';
import type { OutboxEntry } from './outbox.ts';
import { retrying, type Timing } from './retry.ts';

/** The world of {@link putEntries}. */
export interface PutEntriesDeps {
  readonly eventbridge: EventBridge;
  readonly timing: Timing;
}

/**
 * Puts up to ten entries on a bus, and tries again those that it refuses, within the invocation's time.
 *
 * @returns the error and the indexes of those that could not be put, if there are any.
 */
export async function putEntries(
  entries: readonly OutboxEntry[],
  bus: string,
  { eventbridge, timing }: PutEntriesDeps,
): Promise<{ readonly error: unknown; readonly failed: readonly number[] } | undefined> {
  let rest = entries.map((entry, index) => ({ entry, index }));
  const policy = {
    attempts: 5,
    base: 50,
    most: 2000,
    within: timeLeft(20_000, 500),
    retryable: (error: unknown) => error instanceof EntriesRefused || isPassing(error),
  };
  try {
    await retrying(policy, timing, async (left) => {
      const Entries = rest.map(({ entry }) => ({ ...entry, EventBusName: bus }));
      const answer = await eventbridge.putEvents({ Entries }, { within: left });
      // An entry can fail in an answer of 200.
      const results = answer.Entries ?? [];
      const refusals = rest.flatMap((_, place) => (results[place]?.EventId ? [] : [results[place]?.ErrorCode ?? 'unknown']));
      rest = rest.filter((_, place) => !results[place]?.EventId);
      if (rest.length > 0) throw new EntriesRefused('PUBLISH_FAILED', `EventBridge refused entries: ${[...new Set(refusals)].join(', ')}`);
    });
    return undefined;
  } catch (error) {
    return { error, failed: rest.map(({ index }) => index) };
  }
}

class EntriesRefused extends KitError {
  override readonly name = 'EntriesRefused';
}
