import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Call, JsonService, QueryService } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { callElsewhere } from './call-elsewhere.ts';
import { type Json, StateError } from './model.ts';
import { lowered, raised, textsOf } from './members.ts';
import type { TaskKind } from './resource.ts';
import type { Allow, TaskContext, TaskDependencies } from './tasks.ts';

type CallTask = Extract<TaskKind, { kind: 'call' }>;
type Parts = Omit<TaskDependencies, 'lambda' | 'iam'> & { readonly allow: Allow };

/**
 * Calls an API of the laptop cloud within the process, or another where its address is known.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export async function callApi(kernel: Kernel, parts: Parts, task: CallTask, parameters: Json, context: TaskContext): Promise<Json> {
  const { service, operation, optimised } = task;
  const given = optimised ? written(task, parameters) : parameters;
  const input = (service.camelCase ? lowered(given) : given) as Call['input'];
  const call: Call = {
    service: service.signingName,
    operation,
    input,
    caller: {
      kind: 'function',
      arn: context.executionArn,
      roleArn: context.roleArn,
      functionName: context.executionArn,
      requestId: randomUUID(),
    },
    region: kernel.region,
    traceHeader: context.traceHeader,
  };
  try {
    const answer = await (service.target === undefined ? callHere(parts, call, context) : callElsewhere(parts, service, call, context));
    const result = service.camelCase ? raised(answer) : answer;
    checkEntries(task, result);
    return result;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateError(`${(optimised && service.optimisedErrors) || service.errors}.${exceptionOf(error.code)}`, error.message);
  }
}

async function callHere({ services, allow }: Parts, call: Call, context: TaskContext): Promise<Json> {
  const service = services().find(
    (each): each is JsonService | QueryService =>
      (each.protocol === 'json' || each.protocol === 'query') && each.signingName === call.service,
  );
  if (!service?.operations?.includes(call.operation))
    throw new AwsError('UnknownOperationException', `The laptop cloud does not answer ${call.service}:${call.operation}.`);
  const asked = service.protocol === 'query' ? { ...call, input: textsOf(call.input) as Call['input'] } : call;
  for (const permission of service.permissions(asked)) allow(context, permission);
  return plain(await service.handle(asked));
}

/** As JSON: what the query protocol holds as a `Map` is an object. */
function plain(answer: object): Json {
  return JSON.parse(JSON.stringify(answer, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value))) as Json;
}

/** An optimised integration takes JSON where the API wants text. */
function written({ operation }: CallTask, parameters: Json): Json {
  const text = (value: Json | undefined): Json => (typeof value === 'string' ? value : JSON.stringify(value));
  const given = parameters as Readonly<Record<string, Json>>;
  if (operation === 'Publish' && given['Message'] !== undefined) return { ...given, Message: text(given['Message']) };
  if (operation === 'SendMessage' && given['MessageBody'] !== undefined) return { ...given, MessageBody: text(given['MessageBody']) };
  if (operation !== 'PutEvents') return given;
  const entries = (given['Entries'] ?? []) as readonly Readonly<Record<string, Json>>[];
  return { ...given, Entries: entries.map((entry) => ({ ...entry, Detail: text(entry['Detail']) })) };
}

/** An optimised PutEvents fails when one of its entries does. https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html */
function checkEntries({ operation, optimised }: CallTask, answer: Json): void {
  if (!optimised || operation !== 'PutEvents') return;
  if (Number((answer as { FailedEntryCount?: number }).FailedEntryCount ?? 0) > 0)
    throw new StateError('EventBridge.FailedEntry', JSON.stringify(answer));
}

/** As the SDK for Java, which AWS calls with, names what an API answers: `NotFoundException` for SNS's `NotFound`. */
function exceptionOf(code: string): string {
  return /Exception$/.test(code) ? code : `${code}Exception`;
}
