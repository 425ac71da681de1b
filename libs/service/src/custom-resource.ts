import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { http, type HttpSend } from './http.ts';
import { timeLeft, toInvocation, within } from './invocation.ts';
import { log } from './log.ts';

export interface ResourceChange {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly properties: Readonly<Record<string, unknown>>;
  readonly oldProperties?: Readonly<Record<string, unknown>> | undefined;
  readonly logicalId: string;
  /** Absent on creation. */
  readonly physicalId?: string | undefined;
}

export interface ResourceResult {
  /** The resource's id; a new one on an update makes CloudFormation delete the old resource. The logical id unless told. */
  readonly physicalId?: string;
  /** What `Fn::GetAtt` answers. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * A CloudFormation custom resource. The answer goes to CloudFormation whatever happens, a failure before the function's timeout included: otherwise a stack would wait for an hour.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 *
 * @param rule may be run twice for one change, and is given a `Delete` also for what it never made.
 */
export const onCustomResource = /* @__PURE__ */ customResourceReceiver(http);

/** {@link onCustomResource} with its world handed in. */
export function customResourceReceiver(send: HttpSend) {
  return (rule: (change: ResourceChange) => Promise<ResourceResult | void>) =>
    (event: CloudFormationCustomResourceEvent, context: Context): Promise<void> =>
      within(toInvocation(context), async () => {
        const physicalId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined;
        const outcome = await run(rule, event, physicalId);
        const answer = {
          StackId: event.StackId,
          RequestId: event.RequestId,
          LogicalResourceId: event.LogicalResourceId,
          PhysicalResourceId: physicalId ?? event.LogicalResourceId,
          ...outcome,
        };
        const body = JSON.stringify(answer);
        const url = new URL(event.ResponseURL);
        // The address is signed for a PUT with an empty content type.
        const headers = { 'content-type': '', 'content-length': String(Buffer.byteLength(body)) };
        const reply = await send({ method: 'PUT', url, headers, body, timeout: timeLeft(5000, 100), maxBytes: 64 * 1024 });
        if (reply.status >= 300) throw new Error(`CloudFormation answered ${reply.status}`);
      });
}

async function run(
  rule: (change: ResourceChange) => Promise<ResourceResult | void>,
  event: CloudFormationCustomResourceEvent,
  physicalId: string | undefined,
): Promise<object> {
  const change = {
    requestType: event.RequestType,
    properties: event.ResourceProperties,
    oldProperties: 'OldResourceProperties' in event ? event.OldResourceProperties : undefined,
    logicalId: event.LogicalResourceId,
    physicalId,
  };
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('there was no time to finish')), timeLeft(15 * 60_000, 3000));
  try {
    const result = (await Promise.race([rule(change), late])) ?? {};
    return { Status: 'SUCCESS', ...(result.physicalId && { PhysicalResourceId: result.physicalId }), Data: result.data };
  } catch (error) {
    log.error('A custom resource failed', { type: event.ResourceType, operation: event.RequestType }, error);
    return {
      Status: 'FAILED',
      Reason: `${error instanceof Error ? error.message : 'failed'} (log stream of request ${event.RequestId})`.slice(0, 1024),
    };
  } finally {
    clearTimeout(timer);
  }
}
