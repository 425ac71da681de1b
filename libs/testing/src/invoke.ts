import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { eventually } from './eventually.ts';
import type { RunningLarder } from './larder.ts';
import { clientConfig } from './stores.ts';

type Place = Pick<RunningLarder, 'endpoint'>;

/** Invokes a function by hand. @returns its answer. @throws when it failed. */
export async function invoke({ endpoint }: Place, FunctionName: string, event: object): Promise<unknown> {
  const lambda = new LambdaClient(clientConfig(endpoint));
  try {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const answer = Payload && Buffer.from(Payload).toString();
    if (FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${answer}`);
    return answer && JSON.parse(answer);
  } finally {
    lambda.destroy();
  }
}

/** Runs a function as its schedule would, until a run has gone through. @param time what the schedule says that it is. */
export async function runSchedule(place: Place, functionName: string, time: Date, patienceMs?: number): Promise<void> {
  const event = {
    version: '0',
    id: crypto.randomUUID(),
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [],
    detail: {},
  };
  const run = async () => (await invoke(place, functionName, { ...event, time: time.toISOString() }), true);
  await eventually(`a whole run of ${functionName}`, run, patienceMs);
}
