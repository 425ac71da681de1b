import { availableParallelism } from 'node:os';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, QueuePort, StreamPort } from '../kernel/ports.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import type { Destinations } from './destinations.ts';
import { parseName, type Functions, type Target } from './functions.ts';
import type { Invoker } from './invoker.ts';
import { toBatchRecord } from './outcome-record.ts';
import { toMapping, type Mapping, type Reader } from './mapping.ts';
import { startQueueMapping } from './queue-mapping.ts';
import { startStreamMapping } from './stream-mapping.ts';
import type { Discarded } from './stream-lane.ts';
import type { Store } from './store.ts';
import type { Timers } from './timers.ts';

export interface MappingDeps {
  readonly kernel: Kernel;
  readonly iam: IamPort;
  readonly queues: QueuePort;
  readonly streams: StreamPort;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly timers: Timers;
  readonly store: Store;
  readonly destinations: Destinations;
}

/** A function that reads a stream. */
export interface StreamReader {
  readonly functionName: string;
  /** The stream's name, or its table's. */
  readonly stream: string;
  /** How long ago the oldest record arrived that is not done, in milliseconds; 0 when all are. */
  readonly behindMs: number;
}

export interface Mappings {
  readonly type: ResourceType;
  list(): readonly Mapping[];
  /** How far each reader of a stream is behind. */
  readers(): Promise<readonly StreamReader[]>;
  stop(): void;
}

/**
 * Batches of one queue that are with its function at once. AWS begins with a few and adds more as long as the queue is long; more than keep this machine's
 * processors busy would only be in each other's way: a burst waits in its queue, which is what it is for.
 */
const AT_ONCE = 2 * Math.max(2, availableParallelism());

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const filtersWithoutAsking = 5;

/** What a function's role has to allow before Lambda reads a source with it. */
const NEEDED = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  dynamodb: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
  kinesis: ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream'],
} as const;

/** `AWS::Lambda::EventSourceMapping`. */
export function createMappings(deps: MappingDeps): Mappings {
  const { kernel, iam, queues, streams, functions, invoker, timers, store, destinations } = deps;
  const running = new Map<string, { readonly mapping: Mapping; readonly reader: Reader | undefined }>();

  const forbidden = (mapping: Mapping, actions: readonly string[]): { action: string; reason: string } | undefined => {
    const { roleArn, functionName } = functions.resolve(mapping.functionName).deployment.configuration;
    for (const action of actions) {
      const decision = iam.allows(roleArn, { action, resource: mapping.sourceArn });
      if (decision.allowed) continue;
      if (kernel.iam === 'enforce') return { action, reason: decision.reason };
      kernel.tell({
        kind: 'denied',
        at: kernel.now(),
        functionName,
        action,
        resource: mapping.sourceArn,
        reason: decision.reason,
        enforced: false,
      });
    }
    return undefined;
  };

  const startQueue = async (mapping: Mapping, target: Target): Promise<Reader | undefined> => {
    const denied = forbidden(mapping, NEEDED.sqs);
    if (denied !== undefined)
      throw invalid(
        `The provided execution role does not have permissions to call ${denied.action.slice('sqs:'.length)} on SQS (${denied.reason})`,
      );
    const attributes = await queues.attributes(mapping.sourceArn);
    if (attributes === undefined)
      throw invalid(`Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. (${mapping.sourceArn})`);
    const visibility = Number(attributes['VisibilityTimeout'] ?? 30);
    const timeout = target.deployment.configuration.timeoutMs / 1000;
    if (timeout > visibility)
      throw invalid(`Queue visibility timeout: ${String(visibility)} seconds is less than Function timeout: ${String(timeout)} seconds`);
    if (!mapping.enabled) return undefined;
    return startQueueMapping(mapping, {
      kernel,
      queues,
      invoker,
      timers,
      visibilityMs: visibility * 1000,
      concurrency: () => Math.min(mapping.maximumConcurrency ?? Infinity, Math.max(1, limitOf(mapping)), AT_ONCE),
      forbidden: () => forbidden(mapping, NEEDED.sqs.slice(0, 1))?.reason,
    });
  };

  const limitOf = (mapping: Mapping): number => {
    const fn = functions.find(mapping.functionName);
    return fn === undefined ? 0 : invoker.limitOf(fn);
  };

  const startStream = (mapping: Mapping): Reader | undefined => {
    const service = mapping.sourceArn.split(':')[2] === 'kinesis' ? 'kinesis' : 'dynamodb';
    if (!streams.owns(mapping.sourceArn)) throw invalid(`Stream not found: ${mapping.sourceArn}`);
    const denied = forbidden(mapping, NEEDED[service]);
    if (denied !== undefined)
      throw invalid(
        `Cannot access stream ${mapping.sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM. (${denied.reason})`,
      );
    if (!mapping.enabled) return undefined;
    return startStreamMapping(mapping, {
      kernel,
      streams,
      invoker,
      timers,
      store,
      forbidden: () => forbidden(mapping, NEEDED[service].slice(0, 1))?.reason,
      discard: (discarded) => discard(mapping, service, discarded),
    });
  };

  const discard = async (mapping: Mapping, service: 'kinesis' | 'dynamodb', discarded: Discarded): Promise<void> => {
    const { deployment, fn, qualifier } = functions.resolve(mapping.functionName);
    const message = `${mapping.functionName} gave up ${String(discarded.records.length)} record(s) of ${mapping.sourceArn}: ${discarded.condition}`;
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', service: deployment.configuration.service, message });
    if (mapping.onFailureArn === undefined) return;
    const record = toBatchRecord(kernel.now(), mapping, service, `${fn.arn}:${qualifier}`, discarded);
    await destinations.send(deployment, mapping.onFailureArn, record, 'Lambda Function Invocation Result - Failure', undefined);
  };

  return {
    list: () => [...running.values()].map(({ mapping }) => mapping),
    async readers() {
      const streamsOnly = [...running.values()].filter(({ reader }) => reader?.behindMs);
      return Promise.all(
        streamsOnly.map(async ({ mapping, reader }) => ({
          functionName: functions.resolve(mapping.functionName).fn.name,
          stream: mapping.sourceArn.split('/')[1] ?? mapping.sourceArn,
          behindMs: (await reader?.behindMs?.()) ?? 0,
        })),
      );
    },
    stop() {
      for (const { reader } of running.values()) reader?.stop();
    },
    type: {
      type: 'AWS::Lambda::EventSourceMapping',
      async apply({ properties }) {
        const target = functions.resolve(String(properties['FunctionName']));
        const mapping = toMapping(properties, functions.arnOf(parseName(String(properties['FunctionName'])).name));
        const { length: filters = 0 } = ((properties['FilterCriteria'] ?? {}) as { Filters?: readonly unknown[] }).Filters ?? [];
        if (filters > filtersWithoutAsking) {
          const message = `${mapping.functionName} has ${filters} filters for ${mapping.sourceArn}: an account that has not asked AWS for more may have ${filtersWithoutAsking}.`;
          kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
        }
        const current = running.get(mapping.uuid);
        if (current === undefined || JSON.stringify(current.mapping.properties) !== JSON.stringify(properties)) {
          const queue = mapping.sourceArn.split(':')[2] === 'sqs';
          const reader = queue ? await startQueue(mapping, target) : startStream(mapping);
          current?.reader?.stop();
          running.set(mapping.uuid, { mapping, reader });
        }
        return {
          physicalId: mapping.uuid,
          attributes: {
            Id: mapping.uuid,
            EventSourceMappingArn: `arn:${kernel.partition}:lambda:${kernel.region}:${kernel.accountId}:event-source-mapping:${mapping.uuid}`,
          },
        };
      },
      async remove(physicalId) {
        running.get(physicalId)?.reader?.stop();
        running.delete(physicalId);
        store.forgetPositions(physicalId);
      },
    },
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
