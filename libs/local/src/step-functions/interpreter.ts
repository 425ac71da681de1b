import type { RunOptions, StateMachine, StateMachineDefinition } from 'aws-local-stepfunctions';
import { statesOf } from './definition.ts';
import { historyOf } from './history.ts';
import { type Definition, type Ending, type HistoryEvent, type Json, maximumBytes, maximumHistory, StateError } from './model.ts';
import { taskOf } from './resource.ts';
import type { RunState } from './run-state.ts';

/** What the context object has beside what the interpreter puts there itself, `Execution.Input` and `Execution.StartTime`, which are those of a branch. */
export interface RunContext {
  readonly Execution: { readonly Id: string; readonly Name: string; readonly RoleArn: string };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
  /** What `$$.Execution.Input` and `$$.Execution.StartTime` mean (`definition.ts`). */
  readonly Began: { readonly Input: Json; readonly StartTime: string };
}

export interface RunRequest {
  readonly definition: Definition;
  readonly input: Json;
  readonly context: RunContext;
  readonly runState: RunState;
  /** How many events the history has already: it goes on after a restart. */
  readonly recorded: number;
  readonly record: (event: HistoryEvent) => void;
}

export interface Run {
  readonly ending: Promise<Ending>;
  stop(): void;
}

type Logs = ReturnType<StateMachine['run']>['eventLogs'];

/**
 * Makes a definition ready. The interpreter is loaded when the first state machine is made: the start does not wait for it.
 *
 * @param check whether it is looked at for mistakes. What goes on in the middle has states that nothing leads to any more.
 * @throws {Error} what is wrong with it.
 */
export async function compile(definition: Definition, check: boolean): Promise<StateMachine> {
  const { StateMachine: Machine } = await import('aws-local-stepfunctions');
  const validationOptions = check ? { checkArn: false } : { noValidate: true };
  return new Machine(definition as unknown as StateMachineDefinition, { validationOptions });
}

/** Runs a state machine until its end. Every event is recorded before what it tells of goes on. */
export function run(machine: StateMachine, request: RunRequest): Run {
  const { definition, input, context, runState } = request;
  const ended = new AbortController();
  let failure: Ending | undefined;
  let recorded = request.recorded;
  const record = (event: HistoryEvent): void => {
    if (failure) return;
    // The last place is that of the end. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    if (recorded >= maximumHistory - 1)
      return stopWith(runtime(`The execution reached the maximum number of history events (${maximumHistory}).`));
    recorded += 1;
    request.record(event);
  };
  const token = tokenOf(runState);
  const handlers = statesOf(definition)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name, state]) => [name, (parameters: Json) => perform(name, state, parameters)] as const);
  const options: RunOptions = {
    noThrowOnAbort: true,
    context: { ...context, Task: token.holder },
    overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) as never },
  };
  const running = machine.run(input as never, options);

  function stopWith(ending: Ending): void {
    failure ??= ending;
    running.abort();
  }
  async function perform(name: string, state: Readonly<Record<string, unknown>>, parameters: Json): Promise<Json> {
    const task = taskOf(String(state['Resource']))!;
    const taken = token.take();
    // What the interpreter tells of the state comes first in the history.
    await new Promise(setImmediate);
    if (ended.signal.aborted) throw new StateError('States.Runtime', 'The execution has ended.', true);
    const heartbeat = state['HeartbeatSeconds'];
    const performed = runState.perform({
      name,
      resource: String(state['Resource']),
      task,
      parameters,
      token: taken,
      heartbeat,
      signal: ended.signal,
      record,
    });
    return untilEnded(performed, ended.signal);
  }
  async function follow(logs: Logs): Promise<void> {
    for await (const log of logs) {
      for (const event of historyOf(log)) record(event);
      if ('state' in log && log.type === 'StateExited' && Buffer.byteLength(JSON.stringify(log.state.output ?? null)) > maximumBytes)
        stopWith({
          status: 'FAILED',
          error: 'States.DataLimitExceeded',
          cause: `The state '${log.state.name}' returned more than ${maximumBytes} bytes.`,
        });
    }
  }

  const ending = Promise.all([endingOf(running.result as Promise<Json>), follow(running.eventLogs)])
    .then(([end]) => failure ?? end)
    .finally(() => ended.abort());
  return {
    ending,
    stop: () => {
      ended.abort();
      stopWith({ status: 'ABORTED' });
    },
  };
}

async function endingOf(result: Promise<Json>): Promise<Ending> {
  try {
    return { status: 'SUCCEEDED', output: JSON.stringify(await result) };
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: Error };
    if (name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT' };
    // A Fail state without an error has none.
    if (cause?.name === 'FailStateError') return { status: 'FAILED' };
    return { status: 'FAILED', error: cause?.name ?? 'States.Runtime', cause: cause?.message ?? String(error) };
  }
}

/** What a task answers, unless its execution ends before: the interpreter keeps the time of a task for as long as it is not settled. */
async function untilEnded(performed: Promise<Json>, signal: AbortSignal): Promise<Json> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new StateError('States.Runtime', 'The execution has ended.', true));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([performed, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function runtime(cause: string): Ending {
  return { status: 'FAILED', error: 'States.Runtime', cause };
}

/** `$$.Task.Token`: made when it is read, which is immediately before the task that it belongs to is begun. */
function tokenOf({ createToken }: RunState): { holder: { readonly Token: string }; take(): string | undefined } {
  let made: string | undefined;
  return {
    holder: {
      get Token() {
        return (made ??= createToken());
      },
    },
    take() {
      const taken = made;
      made = undefined;
      return taken;
    },
  };
}
