import { AwsError } from '../kernel/aws-error.ts';
import type { ServicePrincipal } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, LambdaPort, QueuePort, StateMachinePort, TopicPort } from '../kernel/ports.ts';
import { targetInput } from './input.ts';
import { createLimit } from './limit.ts';
import type { BusEvent, Delivery, Target } from './model.ts';

/** How often buses may send one event on to each other, until it counts as a loop. */
export const maximumHops = 10;
/** Sends to queues and functions that are under way at once. */
const concurrency = 64;

export interface SendPorts {
  readonly lambda: () => LambdaPort;
  readonly queues: QueuePort;
  readonly topics: Pick<TopicPort, 'publish'>;
  readonly machines: () => Pick<StateMachinePort, 'start'>;
  readonly iam: IamPort;
  /** The resource policy of a bus, as JSON text. */
  readonly policyOf: (busName: string) => string | undefined;
  /** How long a target may take to take an event. */
  readonly patienceMs?: number | undefined;
  /** Puts an event on another bus. */
  readonly forward: (busName: string, event: BusEvent, passed: { traceHeader?: string | undefined; hops: number }) => Promise<void>;
}

/** How long a target may take to say that it has an event. AWS names no time for queues and functions; without one a caller would wait with them. */
const defaultPatienceMs = 10_000;

/** The services that events can be sent to, as ARNs name them. */
export const targetServices: ReadonlySet<string> = new Set(['lambda', 'sqs', 'sns', 'states', 'events', 'logs']);

/**
 * Sends an event to a rule's target: once, without retries.
 *
 * @throws {AwsError} what the target answered. @throws {InvalidInput}
 */
export function createSend(kernel: Kernel, ports: SendPorts): (delivery: Delivery) => Promise<void> {
  const limit = createLimit(concurrency);
  const { patienceMs = defaultPatienceMs } = ports;
  /** A target that does not answer fails, and keeps no place of the limit. What it does later all the same comes twice. */
  const inTime = async <Result>(work: Promise<Result>, { Arn }: Target): Promise<Result> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = (): AwsError => new AwsError('RequestTimeout', `${Arn} did not answer within ${patienceMs} ms.`, 504);
      timer = setTimeout(() => reject(error()), patienceMs);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  };
  return async (delivery) => {
    const { target, traceHeader } = delivery;
    const principal: ServicePrincipal = { service: 'events.amazonaws.com', sourceArn: delivery.ruleArn };
    switch (serviceOf(target.Arn)) {
      case 'sqs': {
        const groupId = target.SqsParameters?.MessageGroupId;
        await limit(() => inTime(ports.queues.send(target.Arn, { body: targetInput(delivery), groupId, traceHeader }, principal), target));
        return;
      }
      case 'lambda':
        await limit(() =>
          inTime(
            ports.lambda().invoke({ functionName: target.Arn, payload: targetInput(delivery), type: 'Event', principal, traceHeader }),
            target,
          ),
        );
        return;
      case 'sns':
        await ports.topics.publish(target.Arn, { message: targetInput(delivery), traceHeader }, principal);
        return;
      case 'states':
        allow(target, 'states:StartExecution');
        ports.machines().start(target.Arn, { input: targetInput(delivery), traceHeader });
        return;
      case 'events':
        // A bus holds no place of the limit: those that it sends to take theirs, and a chain of buses must not wait for itself.
        return forward(delivery);
      case 'logs':
        kernel.tell({ kind: 'notice', at: kernel.now(), level: 'info', message: `${logGroup(target.Arn)}: ${targetInput(delivery)}` });
        return;
      default:
        throw new AwsError('ResourceNotFoundException', `The laptop cloud delivers no events to ${target.Arn}.`, 404);
    }
  };

  async function forward({ target, event, traceHeader, hops }: Delivery): Promise<void> {
    if (hops >= maximumHops)
      throw new AwsError('ValidationException', `The event was sent from bus to bus ${maximumHops} times: the rules make a loop.`);
    if (target.RoleArn !== undefined) allow(target, 'events:PutEvents', ports.policyOf(busNameOf(target.Arn)));
    await ports.forward(busNameOf(target.Arn), event, { traceHeader, hops: hops + 1 });
  }

  /** @throws {AwsError} when the target's role may not do it, or there is none. */
  function allow({ Arn: resource, RoleArn }: Target, action: string, resourcePolicy?: string): void {
    const answer = ports.iam.allows(RoleArn ?? '', { action, resource, resourcePolicy });
    if (!answer.allowed) throw new AwsError('AccessDeniedException', answer.reason, 403);
  }
}

/** `sqs` of `arn:aws:sqs:…`. */
export function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

/** A bus by its name or its ARN. */
export function busNameOf(nameOrArn: string): string {
  return /^arn:[^:]*:events:[^:]*:[^:]*:event-bus\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function logGroup(arn: string): string {
  return arn.split(':').slice(6).join(':').replace(/:\*$/, '');
}
