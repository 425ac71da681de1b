import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../kernel/aws-error.ts';
import type { JsonService } from '../kernel/call.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { InvokeRequest, InvokeResult } from '../kernel/ports.ts';
import { testEndpoint } from '../testing/endpoint.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createStepFunctions, type StepFunctions } from './step-functions.ts';

export const roleArn = 'arn:aws:iam::000000000000:role/machine';
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:price';

export interface TestStepFunctions {
  readonly kernel: TestKernel;
  readonly engine: StepFunctions;
  readonly client: SFNClient;
  readonly invoked: InvokeRequest[];
  /** Calls of the one other API: `PutItem` of DynamoDB. */
  readonly put: Readonly<Record<string, unknown>>[];
  /** What functions and `PutItem` do. */
  answer: (input: unknown) => unknown;
  /** Actions that the role may not do. */
  readonly denied: Set<string>;
  /** Addresses of other APIs. */
  readonly elsewhere: Map<string, string>;
  machine(states: object, more?: object): Promise<string>;
  start(machineArn: string, input?: object, name?: string): Promise<string>;
  /** An execution once it has ended. */
  ended(executionArn: string): Promise<DescribeExecutionOutput>;
  run(states: object, input?: object, more?: object): Promise<DescribeExecutionOutput>;
  history(executionArn: string): Promise<string[]>;
  close(): Promise<void>;
}

/** State machines as AWS's own client sees them, and functions that the test sees. */
export async function testStepFunctions(stateDirectory?: string): Promise<TestStepFunctions> {
  const kernel = testKernel({ stateDirectory, now: Date.now });
  const denied = new Set<string>();
  const elsewhere = new Map<string, string>();
  const engine = await createStepFunctions(kernel, {
    lambda: () => ({
      invoke: async (request): Promise<InvokeResult> => {
        cloud.invoked.push(request);
        try {
          return { status: 200, payload: JSON.stringify((await cloud.answer(JSON.parse(request.payload))) ?? null) };
        } catch (error) {
          if (error instanceof AwsError) throw error;
          const { name, message } = error as Error;
          return { status: 200, payload: JSON.stringify({ errorType: name, errorMessage: message }), functionError: 'Unhandled' };
        }
      },
    }),
    services: () => [tables],
    iam: {
      allows: (_, { action }) => (denied.has(action) ? { allowed: false, reason: `nothing allows ${action}` } : { allowed: true }),
      assumes: (arn) => arn === roleArn,
    },
    endpointOf: (name) => elsewhere.get(name),
  });
  const tables: JsonService = jsonService(
    { signingName: 'dynamodb', targetPrefix: 'DynamoDB_20120810', jsonVersion: '1.0' },
    {
      PutItem: {
        permissions: () => [{ action: 'dynamodb:PutItem', resource: '*' }],
        run: async (input) => {
          cloud.put.push(input);
          return ((await cloud.answer(input)) ?? {}) as object;
        },
      },
    },
  );
  const endpoint = await testEndpoint(engine.services);
  const client = new SFNClient({ ...endpoint.client, disableHostPrefix: true });
  let made = 0;
  const cloud: TestStepFunctions = {
    kernel,
    engine,
    client,
    invoked: [],
    put: [],
    answer: () => undefined,
    denied,
    elsewhere,
    async machine(
      states,
      { StateMachineType, StateMachineName, DefinitionSubstitutions, RoleArn = roleArn, ...definition }: Record<string, unknown> = {},
    ) {
      const properties = {
        StateMachineName: StateMachineName ?? `machine-${(made += 1)}`,
        RoleArn,
        Definition: { StartAt: Object.keys(states)[0], States: states, ...definition },
        ...(StateMachineType !== undefined && { StateMachineType }),
        ...(DefinitionSubstitutions !== undefined && { DefinitionSubstitutions }),
      };
      const request = { logicalId: 'Machine', properties, stackName: 'lake', service: 'lake', packageDirectory: '' };
      return (await engine.resourceTypes[0]!.apply(request)).physicalId;
    },
    start: async (stateMachineArn, input = {}, name) =>
      (await client.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }))).executionArn!,
    async ended(executionArn) {
      for (;;) {
        const described = await client.send(new DescribeExecutionCommand({ executionArn }));
        if (described.status !== 'RUNNING') return described;
        await sleep(5);
      }
    },
    run: async (states, input, more) => cloud.ended(await cloud.start(await cloud.machine(states, more), input)),
    history: async (executionArn) =>
      ((await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? []).map(({ type }) => type!),
    close: async () => {
      client.destroy();
      await endpoint.close();
      await engine.close();
    },
  };
  return cloud;
}

/** An error as a function or an API throws it. */
export function named(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}
