import { randomUUID } from 'node:crypto';
import type { Kernel } from '../kernel/kernel.ts';
import type { LambdaPort } from '../kernel/ports.ts';
import type { CreatedResource, ResourceRequest } from '../kernel/resource-type.ts';
import { stackIdOf } from './stack-scope.ts';
import type { DeployedResource } from './stack-store.ts';

/** Where functions of custom resources PUT their answers. */
export const RESPONSE_PATH = '/_local/cloudformation/';

/** Makes resources by functions of the project. */
export interface CustomResources {
  apply(type: string, request: ResourceRequest, previous: DeployedResource | undefined): Promise<CreatedResource>;
  remove(logicalId: string, stackName: string, resource: DeployedResource): Promise<void>;
  /** Takes in what was PUT to a `ResponseURL`; false when nobody waits for it. */
  answer(id: string, body: string): boolean;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html */
interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

interface Ask {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly type: string;
  readonly logicalId: string;
  readonly stackName: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly physicalId?: string | undefined;
  readonly oldProperties?: Readonly<Record<string, unknown>> | undefined;
}

/** AWS waits an hour by default; whoever sits before a terminal would rather know. */
const PATIENCE_SECONDS = 300;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html */
export function customResources(kernel: Kernel, lambda: () => LambdaPort): CustomResources {
  const waiting = new Map<string, (answer: Answer) => void>();

  const ask = async ({ requestType, type, logicalId, stackName, properties, physicalId, oldProperties }: Ask): Promise<Answer> => {
    const id = randomUUID();
    const payload = JSON.stringify({
      RequestType: requestType,
      ResponseURL: `${kernel.endpointUrl}${RESPONSE_PATH}${id}`,
      StackId: stackIdOf(kernel, stackName),
      RequestId: id,
      ResourceType: type,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceProperties: properties,
      OldResourceProperties: oldProperties,
    });
    const seconds = Number(properties['ServiceTimeout'] ?? PATIENCE_SECONDS);
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<Answer>((resolve, reject) => {
      waiting.set(id, resolve);
      timer = setTimeout(() => reject(new Error(`its function sent no answer to the ResponseURL within ${seconds} s`)), seconds * 1000);
    });
    try {
      return await Promise.race([answered, invoke(lambda(), functionOf(properties), payload).then(() => answered)]);
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  };

  return {
    async apply(type, request, previous) {
      const { logicalId, stackName, properties } = request;
      // Like AWS: a function is asked again only when its resource's properties have changed.
      if (previous !== undefined && JSON.stringify(previous.properties) === JSON.stringify(properties)) return previous;
      const change = previous === undefined ? {} : { physicalId: previous.physicalId, oldProperties: previous.properties };
      const requestType = previous === undefined ? 'Create' : 'Update';
      const answer = await ask({ requestType, type, logicalId, stackName, properties, ...change });
      if (answer.Status === 'FAILED') throw new Error(answer.Reason ?? 'its function answered FAILED and gave no reason');
      if (!answer.PhysicalResourceId) throw new Error('its function answered without a PhysicalResourceId');
      return { physicalId: answer.PhysicalResourceId, attributes: answer.Data ?? {} };
    },
    async remove(logicalId, stackName, { type, physicalId, properties = {} }) {
      const answer = await ask({ requestType: 'Delete', type, logicalId, stackName, properties, physicalId });
      if (answer.Status === 'FAILED') throw new Error(answer.Reason ?? 'its function answered FAILED and gave no reason');
    },
    answer(id, body) {
      const resolve = waiting.get(id);
      resolve?.(parse(body));
      return resolve !== undefined;
    },
  };
}

function functionOf(properties: Readonly<Record<string, unknown>>): string {
  const token = properties['ServiceToken'];
  if (typeof token !== 'string' || !token.includes(':lambda:')) {
    throw new Error(`its ServiceToken is ${JSON.stringify(token)}; only functions of this project can be asked here`);
  }
  return token;
}

/** AWS invokes asynchronously; waiting shows what went wrong at once. */
async function invoke(lambda: LambdaPort, functionName: string, payload: string): Promise<void> {
  const result = await lambda.invoke({ functionName, payload, type: 'RequestResponse' });
  if (result.functionError === undefined) return;
  const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
  throw new Error(`its function failed: ${errorMessage ?? result.payload}`);
}

function parse(body: string): Answer {
  try {
    return JSON.parse(body) as Answer;
  } catch {
    return { Status: 'FAILED', Reason: `its function answered something that is not JSON: ${body.slice(0, 200)}` };
  }
}
