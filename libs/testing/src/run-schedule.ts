import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from './stores.ts';
import { eventually } from './eventually.ts';
import type { RunningLarder } from './larder.ts';

/** Runs a function as its schedule would, until a run has gone through. @param time what the schedule says that it is. */
export async function runSchedule(
  { endpoint }: Pick<RunningLarder, 'endpoint'>,
  FunctionName: string,
  time: Date,
  patienceMs?: number,
): Promise<void> {
  const lambda = new LambdaClient(clientConfig(endpoint));
  const event = {
    version: '0',
    id: crypto.randomUUID(),
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [],
    detail: {},
  };
  const Payload = JSON.stringify({ ...event, time: time.toISOString() });
  await eventually(
    `a whole run of ${FunctionName}`,
    async () => {
      const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      return FunctionError === undefined || undefined;
    },
    patienceMs,
  );
  lambda.destroy();
}
