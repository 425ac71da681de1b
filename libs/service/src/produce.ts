import type { StreamContract, StreamEvent } from '@larder/contracts';
import { createProducer } from '@larder/streaming/producer';
import { type Kinesis, kinesis } from './aws/kinesis.ts';
import { variable, variableOf } from './environment.ts';
import { timeLeft } from './invocation.ts';
import { realTiming, type Timing } from './retry.ts';

type Records = StreamContract['records'];

export interface ProduceDeps {
  readonly kinesis: Pick<Kinesis, 'putRecords'>;
  readonly timing: Timing;
}

/** As many ranges as a function's few events are worth: each is a record of its own. */
const ranges = 16;

/**
 * Writes events to a stream, packed into frames, and resolves when all of them are durable. What the stream refuses is sent again, alone.
 *
 * @param stream the logical id of the stream in `resources.yml`: `PageEvents` is found in `PAGE_EVENTS_STREAM`.
 * @throws {NotTaken} when the stream did not take all of them: what was taken comes again then, and is recognised by its id.
 */
export const produce = /* @__PURE__ */ streamProducer({ kinesis, timing: realTiming });

/** {@link produce} with its world handed in. */
export function streamProducer({ kinesis: api, timing }: ProduceDeps) {
  return async <R extends Records>(
    contract: StreamContract<string, R>,
    stream: string,
    events: readonly StreamEvent<R>[],
  ): Promise<void> => {
    const StreamName = variable(variableOf(stream, 'STREAM'));
    const { put, flush } = createProducer(
      {
        send: async (records) => {
          const Records = records.map(({ partitionKey, explicitHashKey, data }) => ({
            PartitionKey: partitionKey,
            ExplicitHashKey: explicitHashKey,
            Data: data,
          }));
          const { Records: entries = [] } = await api.putRecords({ StreamName, Records });
          return entries.map(({ ErrorCode }) => ErrorCode === undefined);
        },
        wait: (milliseconds) => timing.sleep(timeLeft(milliseconds, 500)),
        random: timing.random,
      },
      // An invocation ends when all is sent, so nothing waits for more.
      { ranges, age: Number.POSITIVE_INFINITY },
    );
    const puts = events.map((event) => put(contract.key(event), JSON.stringify(event)));
    await Promise.all([...puts, flush()]);
  };
}
