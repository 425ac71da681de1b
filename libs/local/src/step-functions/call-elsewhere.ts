import { AwsError } from '../kernel/aws-error.ts';
import type { Call } from '../kernel/call.ts';
import type { Json } from './model.ts';
import type { TaskService } from './resource.ts';
import type { Allow, TaskContext, TaskDependencies } from './tasks.ts';

/** How long an API that is not the laptop's own may take. */
const patienceMs = 60_000;

/**
 * Calls an API that the laptop cloud does not answer itself, over awsJson 1.1, where `AWS_ENDPOINT_URL_<SERVICE>` says that it is. It is never AWS: what
 * runs here has no credentials of an account.
 *
 * @throws {AwsError} what it answered.
 */
export async function callElsewhere(
  { endpointOf, allow }: Pick<TaskDependencies, 'endpointOf'> & { readonly allow: Allow },
  { signingName, target }: TaskService,
  { operation, input, region }: Call,
  context: TaskContext,
): Promise<Json> {
  allow(context, { action: `${signingName}:${operation}`, resource: resourceOf(context, region, signingName, operation, input) });
  const url = endpointOf(signingName);
  if (url === undefined) {
    const name = `AWS_ENDPOINT_URL_${signingName.toUpperCase().replaceAll('-', '_')}`;
    throw new AwsError('UnknownEndpointException', `${signingName} does not run here: set ${name} to where something answers for it.`);
  }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${operation}` },
    body: JSON.stringify(input),
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]),
  }).catch((error: unknown) => {
    throw new AwsError('SdkClientException', `${url}: ${(error as Error).message}`);
  });
  const answer = (await response.json().catch(() => ({}))) as Record<string, Json>;
  if (response.ok) return answer;
  const code = String(answer['__type'] ?? `Http${response.status}`)
    .split('#')
    .at(-1)!;
  throw new AwsError(code, String(answer['message'] ?? answer['Message'] ?? ''), response.status);
}

/** The kinds of resources that the operations of each API act on. What stands in an ARN there is an id that AWS gives; here it is the name. */
const resources: Readonly<Record<string, Readonly<Record<string, [kind: string, member: string]>>>> = {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
  'redshift-data': {
    ExecuteStatement: ['redshift-serverless:workgroup', 'WorkgroupName'],
    BatchExecuteStatement: ['redshift-serverless:workgroup', 'WorkgroupName'],
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftserverless.html
  'redshift-serverless': {
    CreateSnapshot: ['redshift-serverless:snapshot', 'snapshotName'],
    GetSnapshot: ['redshift-serverless:snapshot', 'snapshotName'],
    GetNamespace: ['redshift-serverless:namespace', 'namespaceName'],
    RestoreFromSnapshot: ['redshift-serverless:snapshot', 'snapshotName'],
    GetWorkgroup: ['redshift-serverless:workgroup', 'workgroupName'],
    UpdateWorkgroup: ['redshift-serverless:workgroup', 'workgroupName'],
  },
};

function resourceOf({ roleArn }: TaskContext, region: string, signingName: string, operation: string, input: Call['input']): string {
  const [kind, member] = resources[signingName]?.[operation] ?? [];
  if (kind === undefined || member === undefined) return '*';
  const [service = '', type = ''] = kind.split(':');
  return `arn:aws:${service}:${region}:${roleArn.split(':')[4]}:${type}/${String(input[member])}`;
}
