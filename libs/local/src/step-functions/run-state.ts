import { AwsError } from '../kernel/aws-error.ts';
import { taskEvents } from './history.ts';
import { type HistoryEvent, type Json, StateError } from './model.ts';
import type { TaskKind } from './resource.ts';
import type { RunTask, TaskContext } from './tasks.ts';
import type { Tokens } from './tokens.ts';

export interface TaskRequest {
  /** Of the state. */
  readonly name: string;
  readonly resource: string;
  readonly task: TaskKind;
  readonly parameters: Json;
  readonly token: string | undefined;
  /** Seconds. */
  readonly heartbeat: unknown;
  readonly signal: AbortSignal;
  readonly record: (event: HistoryEvent) => void;
}

/** How a run does its tasks. */
export interface RunState {
  createToken(): string;
  /** @throws {StateError} */
  perform(request: TaskRequest): Promise<Json>;
}

/** Tasks with their history, and the answer that a token brings. */
export function createRunState(runTask: RunTask, tokens: Tokens, context: Omit<TaskContext, 'signal'>): RunState {
  const answer = async ({ task, parameters, token, heartbeat, signal }: TaskRequest): Promise<Json> => {
    if (!('token' in task) || !task.token) return runTask(task, parameters, { ...context, signal });
    if (token === undefined) throw new StateError('States.Runtime', 'The task waits for its token, and passes $$.Task.Token to nobody.');
    const given = new AbortController();
    const heartbeatMs = heartbeat === undefined ? undefined : Number(heartbeat) * 1000;
    // Whoever gets the token may answer before the call that brought it has ended.
    const answered = tokens.wait(token, { heartbeatMs, signal: AbortSignal.any([signal, given.signal]) });
    answered.catch(() => {});
    try {
      await runTask(task, parameters, { ...context, signal });
    } catch (error) {
      given.abort();
      throw error;
    }
    return answered;
  };
  return {
    createToken: tokens.create,
    async perform(request) {
      const { scheduled, started, succeeded, failed } = taskEvents(request);
      request.record(scheduled);
      request.record(started);
      try {
        const output = await answer(request);
        request.record(succeeded(output));
        return output;
      } catch (error) {
        const known = error instanceof StateError ? error : new StateError('States.TaskFailed', messageOf(error));
        request.record(failed(known.name, known.message));
        throw known;
      }
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
}
