import { setImmediate as pause } from 'node:timers/promises';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { QueuePort, ReceivedMessage } from '../kernel/ports.ts';
import { failedItems } from './batch-answer.ts';
import type { Invoker } from './invoker.ts';
import type { Mapping, Reader } from './mapping.ts';
import type { Timers } from './timers.ts';

/** A standing receive asks again after this time. */
const WAIT_MS = 20_000;
/** One receive gives at most this many. */
const RECEIVE = 10;
const BATCH_BYTES = 6 * 1024 * 1024;
const RETRY_MS = 1000;

export interface QueueMappingDeps {
  readonly kernel: Kernel;
  readonly queues: QueuePort;
  readonly invoker: Invoker;
  readonly timers: Timers;
  /** How many batches may be with the function at once. */
  readonly concurrency: () => number;
  /** A sentence when the function's role no longer lets it read the queue. */
  readonly forbidden: () => string | undefined;
  readonly visibilityMs: number;
}

/**
 * Reads a queue for a function. Messages are given as soon as they are there; what succeeds is deleted, what fails stays hidden until the queue's visibility
 * timeout. A first-in-first-out queue gives no messages of a group that has some in flight (the queue sees to that), and groups never share a batch, so a
 * group that fails blocks itself only.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function startQueueMapping(mapping: Mapping, deps: QueueMappingDeps): Reader {
  const { kernel, queues, invoker, timers } = deps;
  const stopped = new AbortController();
  const { signal } = stopped;
  const functionName = mapping.functionName;
  const queueName = mapping.sourceArn.split(':').pop() ?? '';
  const fifo = queueName.endsWith('.fifo');
  let active = 0;
  let wake: (() => void) | undefined;

  const notice = (message: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message: `${queueName} → ${functionName}: ${message}` });

  const poll = async (): Promise<void> => {
    let trouble: string | undefined;
    while (!signal.aborted) {
      if (active >= deps.concurrency()) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      try {
        const forbidden = deps.forbidden();
        if (forbidden !== undefined) throw new Error(forbidden);
        for (const batch of toBatches(await gather(), fifo)) start(batch);
        trouble = undefined;
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        if (message !== trouble) notice((trouble = message));
        await timers.wait(RETRY_MS, signal);
      }
    }
  };

  const gather = async (): Promise<ReceivedMessage[]> => {
    const receive = (size: number, waitMs: number): Promise<ReceivedMessage[]> =>
      queues.receive(mapping.sourceArn, { max: Math.min(RECEIVE, size), waitMs, signal });
    const batch = await receive(mapping.batchSize, WAIT_MS);
    if (batch.length === 0 || (mapping.windowMs === 0 && mapping.batchSize <= RECEIVE)) return batch;
    const until = kernel.now() + mapping.windowMs;
    while (batch.length < mapping.batchSize && !signal.aborted) {
      const more = await receive(mapping.batchSize - batch.length, Math.max(0, until - kernel.now()));
      batch.push(...more);
      if (more.length === 0 || kernel.now() >= until) break;
    }
    return batch;
  };

  const start = (batch: readonly ReceivedMessage[]): void => {
    active += 1;
    void handle(batch)
      .catch((error: unknown) => notice(String(error)))
      .finally(() => {
        active -= 1;
        wake?.();
      });
  };

  const handle = async (received: readonly ReceivedMessage[]): Promise<void> => {
    const receivedAt = kernel.now();
    let messages = received;
    if (mapping.filter !== undefined) {
      const { filter } = mapping;
      messages = received.filter((message) => filter(toRecord(message, mapping.sourceArn, kernel.region)));
      await remove(received.filter((message) => !messages.includes(message)));
    }
    // A long queue that no filter lets through would let nothing else run.
    if (messages.length === 0) return void (await pause());
    let records = messages.map((message) => toRecord(message, mapping.sourceArn, kernel.region));
    const fault = kernel.faults.onDelivery?.({ functionName, eventSourceArn: mapping.sourceArn, records });
    if (fault?.kind === 'delay') await timers.wait(fault.ms, signal);
    if (fault?.kind === 'reverse' && !fifo) records = records.reverse();
    const payload = JSON.stringify({ Records: records });
    const succeeded = await invoke(messages, payload, receivedAt);
    await remove(succeeded);
    if (fault?.kind === 'duplicate')
      await remove((await invoke(messages, payload, receivedAt)).filter((message) => !succeeded.includes(message)));
  };

  /** Calls the function and says which messages it is done with. While it has no room, the batch waits as long as it stays hidden. */
  const invoke = async (messages: readonly ReceivedMessage[], payload: string, receivedAt: number): Promise<readonly ReceivedMessage[]> => {
    const traceHeader = messages[0]?.attributes['AWSTraceHeader'];
    for (let backoffMs = 50; ; backoffMs = Math.min(5000, backoffMs * 2)) {
      try {
        const ran = await invoker.run(functionName, { type: 'mapping', payload, trigger: `sqs:${queueName}`, traceHeader });
        if (ran.kind !== 'ok') return [];
        if (!mapping.partialAnswers) return messages;
        const failed = failedItems(ran.payload, new Set(messages.map(({ messageId }) => messageId)));
        return failed === 'all' ? [] : messages.filter(({ messageId }) => !failed.has(messageId));
      } catch (error) {
        if (!(error instanceof AwsError) || error.status !== 429) throw error;
        if (signal.aborted || kernel.now() + backoffMs - receivedAt >= deps.visibilityMs / 2) return [];
        await timers.wait(backoffMs, signal);
      }
    }
  };

  const remove = async (messages: readonly ReceivedMessage[]): Promise<void> => {
    const handles = messages.map(({ receiptHandle }) => receiptHandle);
    if (handles.length > 0) await queues.delete(mapping.sourceArn, handles);
  };

  const unsubscribe = invoker.onRoom(() => wake?.());
  void poll();
  return {
    stop() {
      stopped.abort();
      unsubscribe();
      wake?.();
    },
  };
}

/** One batch of a standard queue, or one for each group of a first-in-first-out queue; none beyond what an invocation may carry. */
function toBatches(messages: readonly ReceivedMessage[], fifo: boolean): readonly (readonly ReceivedMessage[])[] {
  const groups = fifo ? [...Map.groupBy(messages, ({ attributes }) => attributes['MessageGroupId'] ?? '').values()] : [messages];
  return groups.flatMap((group) => {
    const batches: ReceivedMessage[][] = [];
    let bytes = Infinity;
    for (const message of group) {
      const size = Buffer.byteLength(message.body) * 1.1 + 2048;
      if (bytes + size > BATCH_BYTES) {
        batches.push([]);
        bytes = 0;
      }
      batches.at(-1)?.push(message);
      bytes += size;
    }
    return batches;
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
function toRecord(message: ReceivedMessage, sourceArn: string, region: string): Record<string, unknown> {
  const { messageId, receiptHandle, body, attributes, md5OfBody } = message;
  const messageAttributes = Object.fromEntries(
    Object.entries(message.messageAttributes).map(([name, value]) => [name, { ...value, stringListValues: [], binaryListValues: [] }]),
  );
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    messageAttributes,
    md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: sourceArn,
    awsRegion: region,
  };
}
