import { AwsError } from '../kernel/aws-error.ts';
import { type Json, StateError } from './model.ts';
import type { TaskKind } from './resource.ts';
import type { Allow, TaskContext, TaskDependencies } from './tasks.ts';

interface InvokeParameters {
  readonly FunctionName?: string;
  readonly Payload?: Json;
  readonly InvocationType?: 'RequestResponse' | 'Event';
}

/**
 * Invokes a function: its answer, or that of `lambda:invoke` around it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export async function invokeFunction(
  { lambda, allow }: Pick<TaskDependencies, 'lambda'> & { readonly allow: Allow },
  task: Exclude<TaskKind, { kind: 'call' }>,
  parameters: Json,
  context: TaskContext,
): Promise<Json> {
  const given: InvokeParameters =
    task.kind === 'function' ? { FunctionName: task.arn, Payload: parameters } : (parameters as InvokeParameters);
  const { FunctionName: functionName, Payload = {}, InvocationType: type = 'RequestResponse' } = given;
  if (typeof functionName !== 'string') throw new StateError('States.Runtime', 'The task names no function.');
  const { status, payload, functionError } = await named(async () => {
    allow(context, { action: 'lambda:InvokeFunction', resource: functionName });
    return lambda().invoke({ functionName, payload: JSON.stringify(Payload), type, traceHeader: context.traceHeader });
  });
  if (functionError !== undefined) throw new StateError(errorTypeOf(payload), payload);
  const answer = payload === '' ? null : (JSON.parse(payload) as Json);
  return task.kind === 'function' ? answer : { ExecutedVersion: '$LATEST', Payload: answer, StatusCode: status };
}

async function named<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateError(`Lambda.${error.code === 'AccessDeniedException' ? 'AWSLambdaException' : error.code}`, error.message);
  }
}

function errorTypeOf(payload: string): string {
  try {
    const { errorType } = JSON.parse(payload) as { errorType?: unknown };
    return typeof errorType === 'string' ? errorType : 'Lambda.Unknown';
  } catch {
    return 'Lambda.Unknown';
  }
}
