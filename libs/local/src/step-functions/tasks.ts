import type { AwsService } from '../kernel/call.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, LambdaPort } from '../kernel/ports.ts';
import { callApi } from './call-api.ts';
import { invokeFunction } from './invoke-function.ts';
import { type Json, maximumBytes, StateError } from './model.ts';
import type { TaskKind } from './resource.ts';

export interface TaskDependencies {
  readonly lambda: () => LambdaPort;
  /** The APIs of the laptop cloud. */
  readonly services: () => readonly AwsService[];
  readonly iam: Pick<IamPort, 'allows'>;
  /** Where an API is that the laptop cloud does not answer: as the SDKs have it, the value of `AWS_ENDPOINT_URL_<SERVICE>`. */
  readonly endpointOf: (signingName: string) => string | undefined;
}

export interface TaskContext {
  readonly roleArn: string;
  readonly executionArn: string;
  readonly traceHeader: string | undefined;
  /** Ends with the execution. */
  readonly signal: AbortSignal;
}

/** @throws {StateError} by the name that AWS gives it: `Lambda.TooManyRequestsException`, `Sns.NotFoundException`. */
export type RunTask = (task: TaskKind, parameters: Json, context: TaskContext) => Promise<Json>;

/** Does what a task says, as the role of its state machine. */
export function createTasks(kernel: Kernel, dependencies: TaskDependencies): RunTask {
  const parts = { ...dependencies, allow: allowing(kernel, dependencies.iam) };
  return async (task, parameters, context) => {
    const answer = await (task.kind === 'call'
      ? callApi(kernel, parts, task, parameters, context)
      : invokeFunction(parts, task, parameters, context));
    if (Buffer.byteLength(JSON.stringify(answer)) > maximumBytes)
      throw new StateError('States.DataLimitExceeded', `The task's answer is larger than ${maximumBytes} bytes.`);
    return answer;
  };
}

/** Whether the role of a state machine may do something. @throws {AwsError} `AccessDeniedException`. */
export type Allow = (context: TaskContext, permission: Parameters<IamPort['allows']>[1]) => void;

function allowing(kernel: Kernel, iam: Pick<IamPort, 'allows'>): Allow {
  return ({ roleArn, executionArn }, permission) => {
    const answer = iam.allows(roleArn, permission);
    if (answer.allowed) return;
    const { action, resource } = permission;
    const enforced = kernel.iam === 'enforce';
    const functionName = executionArn.split(':').slice(6).join(':');
    kernel.tell({ kind: 'denied', at: kernel.now(), functionName, action, resource, reason: answer.reason, enforced });
    if (!enforced) return;
    throw new AwsError(
      'AccessDeniedException',
      `${roleArn} is not authorized to perform: ${action} on resource: ${resource} because ${answer.reason}`,
      403,
    );
  };
}
