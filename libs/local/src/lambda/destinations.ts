import type { Kernel } from '../kernel/kernel.ts';
import type { EventsPort, IamPort, LambdaPort, QueuePort } from '../kernel/ports.ts';
import type { Deployment } from './configuration.ts';

/** Where the records of invocations go, and what came of them. */
export interface Destinations {
  /**
   * Sends a record with the permissions of the function's role. A destination that cannot be reached is told, and the record is lost, as on AWS.
   * @param detailType for an event bus: `Lambda Function Invocation Result - Failure`
   */
  send(from: Deployment, destinationArn: string, record: object, detailType: string, traceHeader: string | undefined): Promise<void>;
  /** Puts an event that was given up on a function's dead-letter queue, as it came. */
  sendDeadLetter(from: Deployment, queueArn: string, letter: DeadLetter): Promise<void>;
}

export interface DeadLetter {
  readonly payload: string;
  readonly requestId: string;
  /** 200 when the function failed, 429 when it could not be called. */
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly traceHeader: string | undefined;
}

export function createDestinations(
  kernel: Kernel,
  ports: { iam: IamPort; queues: QueuePort; events: () => EventsPort; lambda: () => LambdaPort },
): Destinations {
  const may = (from: Deployment, action: string, resource: string): void => {
    const { roleArn, functionName } = from.configuration;
    const decision = ports.iam.allows(roleArn, { action, resource });
    if (decision.allowed) return;
    kernel.tell({
      kind: 'denied',
      at: kernel.now(),
      functionName,
      action,
      resource,
      reason: decision.reason,
      enforced: kernel.iam === 'enforce',
    });
    if (kernel.iam === 'enforce') throw new Error(decision.reason);
  };
  const quietly = async (from: Deployment, arn: string, send: () => Promise<unknown>): Promise<void> => {
    try {
      await send();
    } catch (error) {
      const { service, functionName } = from.configuration;
      const message = `A record of ${functionName} could not be sent to ${arn}: ${error instanceof Error ? error.message : String(error)}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', service, message });
    }
  };
  return {
    send: (from, arn, record, detailType, traceHeader) =>
      quietly(from, arn, async () => {
        const text = JSON.stringify(record);
        const service = arn.split(':')[2];
        if (service === 'sqs') {
          may(from, 'sqs:SendMessage', arn);
          await ports.queues.send(arn, { body: text, traceHeader });
        } else if (service === 'lambda') {
          may(from, 'lambda:InvokeFunction', arn);
          await ports.lambda().invoke({ functionName: arn, payload: text, type: 'Event', traceHeader });
        } else if (service === 'events') {
          may(from, 'events:PutEvents', arn);
          const functionArn = (record as { requestContext?: { functionArn?: string } }).requestContext?.functionArn;
          const resources = functionArn === undefined ? [arn] : [arn, functionArn];
          await ports
            .events()
            .put(arn.split('/').pop() ?? 'default', { source: 'lambda', detailType, detail: text, resources, traceHeader });
        } else throw new Error(`${service ?? 'This'} destinations do not run on the laptop: use a queue, a function or an event bus.`);
      }),
    sendDeadLetter: (from, arn, letter) =>
      quietly(from, arn, async () => {
        if (arn.split(':')[2] !== 'sqs') throw new Error('A dead-letter target other than a queue does not run on the laptop.');
        may(from, 'sqs:SendMessage', arn);
        await ports.queues.send(arn, {
          body: letter.payload,
          traceHeader: letter.traceHeader,
          attributes: {
            RequestID: { DataType: 'String', StringValue: letter.requestId },
            ErrorCode: { DataType: 'Number', StringValue: String(letter.errorCode) },
            ErrorMessage: { DataType: 'String', StringValue: letter.errorMessage.slice(0, 1024) || 'unknown' },
          },
        });
      }),
  };
}
