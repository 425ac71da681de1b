import { AwsError } from '../kernel/aws-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A definition in the Amazon States Language, as far as this engine looks into it. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
  readonly TimeoutSeconds?: number;
}

export type StateDefinition = Readonly<Record<string, unknown>> & { readonly Type: string };

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly roleArn: string;
  /** JSON text, with its substitutions made. */
  readonly definition: string;
  readonly revisionId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly status: Status;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stoppedAt?: number | undefined;
  /** JSON text. */
  readonly input: string;
  /** JSON text. */
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly traceHeader?: string | undefined;
  /** Those of the machine when it began: an update does not change what runs. */
  readonly definition: string;
  readonly roleArn: string;
}

/** How an execution ended. */
export type Ending = Pick<Execution, 'output' | 'error' | 'cause'> & { readonly status: Exclude<Status, 'RUNNING'> };

/** An entry of GetExecutionHistory without its number: a type, and the details under the name that the API has for them. */
export interface HistoryEvent {
  readonly type: string;
  readonly details?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Of an input, an output, a state's data and a task's answer. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const maximumBytes = 256 * 1024;
export const maximumHistory = 25_000;
export const maximumDefinitionBytes = 1024 * 1024;

/** Why a state failed, by the name that `Retry` and `Catch` go by. */
export class StateError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  /** @param final no `Retry` and no `Catch` is asked: the execution has ended otherwise. */
  constructor(name: string, cause: string, final = false) {
    super(cause);
    this.name = name;
    this.isRetryable = !final;
    this.isCatchable = !final;
  }
}

export function machineMissing(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

export function executionMissing(arn: string): AwsError {
  return new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** JSON text of an input or an output, once it is JSON and no larger than AWS takes. @throws {AwsError} `code` otherwise. */
export function checkedJson(text: string, code: 'InvalidExecutionInput' | 'InvalidOutput'): Json {
  if (Buffer.byteLength(text) > maximumBytes) throw new AwsError(code, `It is larger than ${maximumBytes} bytes.`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new AwsError(code, `It is no JSON: ${(error as Error).message}`);
  }
}
