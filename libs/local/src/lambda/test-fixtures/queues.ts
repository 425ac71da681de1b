import { createHash, randomUUID } from 'node:crypto';
import type { Kernel } from '../../kernel/kernel.ts';
import type { OutgoingMessage, QueuePort, ReceivedMessage } from '../../kernel/ports.ts';

interface Held {
  readonly id: string;
  readonly message: OutgoingMessage;
  visibleAt: number;
  receipt: string;
  received: number;
}

export interface MemoryQueues extends QueuePort {
  create(name: string, attributes?: Record<string, string>): string;
  /** Bodies of the messages that are in the queue, hidden or not. */
  bodies(arn: string): string[];
  messages(arn: string): OutgoingMessage[];
  visible(arn: string): number;
}

/** Queues as SQS promises them, as far as Lambda needs. */
export function memoryQueues(kernel: Kernel): MemoryQueues {
  const queues = new Map<string, { attributes: Record<string, string>; held: Held[] }>();
  const waiting = new Set<() => void>();
  const of = (arn: string) => {
    const queue = queues.get(arn);
    if (queue === undefined) throw new Error(`AWS.SimpleQueueService.NonExistentQueue: ${arn}`);
    return queue;
  };
  const take = (arn: string, max: number): ReceivedMessage[] => {
    const { attributes, held } = of(arn);
    const taken: ReceivedMessage[] = [];
    const blocked = new Set(held.filter(({ visibleAt }) => visibleAt > kernel.now()).map(({ message }) => message.groupId));
    for (const one of held) {
      if (taken.length >= max || one.visibleAt > kernel.now()) continue;
      if (one.message.groupId !== undefined && blocked.has(one.message.groupId)) continue;
      one.visibleAt = kernel.now() + Number(attributes['VisibilityTimeout']) * 1000;
      one.receipt = randomUUID();
      one.received += 1;
      taken.push({
        messageId: one.id,
        receiptHandle: one.receipt,
        body: one.message.body,
        md5OfBody: createHash('md5').update(one.message.body).digest('hex'),
        attributes: {
          ApproximateReceiveCount: String(one.received),
          ...(one.message.groupId === undefined ? {} : { MessageGroupId: one.message.groupId }),
          ...(one.message.traceHeader === undefined ? {} : { AWSTraceHeader: one.message.traceHeader }),
        },
        messageAttributes: {},
      });
    }
    return taken;
  };
  return {
    create(name, attributes = {}) {
      const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      queues.set(arn, { attributes: { VisibilityTimeout: '30', ...attributes }, held: [] });
      return arn;
    },
    bodies: (arn) => of(arn).held.map(({ message }) => message.body),
    messages: (arn) => of(arn).held.map(({ message }) => message),
    visible: (arn) => of(arn).held.filter(({ visibleAt }) => visibleAt <= kernel.now()).length,
    attributes: async (arn) => queues.get(arn)?.attributes,
    async send(arn, message) {
      const id = randomUUID();
      of(arn).held.push({ id, message, visibleAt: 0, receipt: '', received: 0 });
      for (const wake of [...waiting]) wake();
      return id;
    },
    async receive(arn, { max, waitMs, signal }) {
      const end = performance.now() + waitMs;
      for (;;) {
        const taken = take(arn, max);
        const left = end - performance.now();
        if (taken.length > 0 || left <= 0 || signal?.aborted) return taken;
        await new Promise<void>((resolve) => {
          // Messages become visible again as the clock of the test moves on, which nobody tells the queue.
          const timer = setTimeout(done, Math.min(left, 20));
          function done(): void {
            clearTimeout(timer);
            waiting.delete(done);
            resolve();
          }
          waiting.add(done);
          signal?.addEventListener('abort', done, { once: true });
        });
      }
    },
    async delete(arn, receipts) {
      const queue = of(arn);
      queue.held = queue.held.filter(({ receipt }) => !receipts.includes(receipt));
    },
  };
}
