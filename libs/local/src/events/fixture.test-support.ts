import { AwsError } from '../kernel/aws-error.ts';
import type { Caller, ServicePrincipal } from '../kernel/call.ts';
import type { InvokeRequest, OutgoingMessage } from '../kernel/ports.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createEvents, type EventsEngine } from './events.ts';

export const root: Caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' };
export const queue = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const busArn = (name: string): string => `arn:aws:events:us-east-1:000000000000:event-bus/${name}`;

export interface Fixture {
  readonly kernel: TestKernel;
  readonly engine: EventsEngine;
  readonly sent: { queueArn: string; message: OutgoingMessage; principal: ServicePrincipal | undefined }[];
  readonly invoked: InvokeRequest[];
  readonly started: { machineArn: string; input: string; traceHeader?: string | undefined }[];
  readonly published: { topicArn: string; message: string; traceHeader: string | undefined; principal: ServicePrincipal | undefined }[];
  /** Errors that targets answer with, by ARN. */
  readonly failing: Map<string, Error>;
  call<Answer = Record<string, unknown>>(operation: string, input?: object): Promise<Answer>;
  /** A rule with one target. */
  rule(name: string, settings?: { bus?: string; pattern?: object; target?: object }): Promise<void>;
  put(detail?: object, entry?: object): Promise<{ FailedEntryCount: number; Entries: Record<string, string>[] }>;
  advance(ms: number): Promise<void>;
}

/** EventBridge between queues and functions that the test sees, under a clock that it sets. */
export async function fixture(
  options: { stateDirectory?: string; time?: number; patienceMs?: number; beforeSend?: () => Promise<void> } = {},
): Promise<Fixture> {
  const kernel = testKernel(options);
  const failing: Fixture['failing'] = new Map();
  const sent: Fixture['sent'] = [];
  const invoked: Fixture['invoked'] = [];
  const started: Fixture['started'] = [];
  const published: Fixture['published'] = [];
  const engine = await createEvents(kernel, {
    lambda: () => ({
      invoke: async (request) => {
        const error = failing.get(request.functionName);
        if (error) throw error;
        invoked.push(request);
        return { status: 202, payload: '' };
      },
    }),
    queues: {
      send: async (queueArn, message, principal) => {
        await options.beforeSend?.();
        const error = failing.get(queueArn);
        if (error) throw error;
        sent.push({ queueArn, message, principal });
        return 'id';
      },
      receive: async () => [],
      delete: async () => undefined,
      attributes: async () => undefined,
    },
    topics: {
      publish: async (topicArn, { message, traceHeader }, principal) => {
        const error = failing.get(topicArn);
        if (error) throw error;
        published.push({ topicArn, message, traceHeader, principal });
        return 'id';
      },
    },
    machines: () => ({
      start: (machineArn, request) => {
        const error = failing.get(machineArn);
        if (error) throw error;
        started.push({ machineArn, ...request });
        return 'arn';
      },
    }),
    iam: {
      allows: (roleArn) => (roleArn.endsWith('allowed') ? { allowed: true } : { allowed: false, reason: 'no statement' }),
      admits: () => true,
      assumes: () => true,
      credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
    },
    patienceMs: options.patienceMs,
    random: () => 1,
  });
  const service = engine.services[0];
  if (service?.protocol !== 'json') throw new Error('EventBridge speaks JSON.');
  const call: Fixture['call'] = async <Answer>(operation: string, input: object = {}) =>
    (await service.handle({
      service: 'events',
      operation,
      input: input as Record<string, unknown>,
      caller: root,
      region: 'us-east-1',
    })) as Answer;
  return {
    kernel,
    engine,
    sent,
    invoked,
    published,
    started,
    failing,
    call,
    rule: async (name, { bus = 'default', pattern = { source: ['shop'] }, target = { Arn: queue('q') } } = {}) => {
      await call('PutRule', { Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) });
      await call('PutTargets', { Rule: name, EventBusName: bus, Targets: [{ Id: '1', ...target }] });
    },
    put: (detail = {}, entry = {}) =>
      call('PutEvents', { Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: JSON.stringify(detail), ...entry }] }),
    advance: async (ms) => {
      kernel.time += ms;
      await engine.runDue();
    },
  };
}

export const gone = new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
export const forbidden = new AwsError('AccessDenied', 'The queue policy does not admit events.amazonaws.com.', 403);
export const busy = new AwsError('ThrottlingException', 'Slow down.');
