import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { toDefinition } from './definition.ts';
import { endedEvent, startedEvent } from './history.ts';
import { compile, type Run, run } from './interpreter.ts';
import { checkedJson, type Ending, type Execution, executionMissing, type HistoryEvent, type Json, type StateMachine } from './model.ts';
import { placeOf, type Place, remaining } from './resume.ts';
import { createRunState } from './run-state.ts';
import type { Store } from './store.ts';
import type { RunTask } from './tasks.ts';
import type { Tokens } from './tokens.ts';

/** Executions that run at once, of all state machines. AWS takes a million. */
export const maximumRunning = 1_000;
/** https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
const expressSeconds = 300;

export interface StartRequest {
  readonly name?: string | undefined;
  /** JSON text. */
  readonly input?: string | undefined;
  readonly traceHeader?: string | undefined;
}

export interface Executions {
  /**
   * Begins an execution once it is on disk. One of the same name and input that runs already is answered instead.
   *
   * @throws {AwsError} `ExecutionAlreadyExists`, `InvalidExecutionInput`, `InvalidName`, `ExecutionLimitExceeded`.
   */
  start(machine: StateMachine, request: StartRequest): Execution;
  /** Of an express state machine: begins an execution and waits for its end. */
  startSync(machine: StateMachine, request: StartRequest): Promise<Execution>;
  /** @throws {AwsError} `ExecutionDoesNotExist`. */
  stop(arn: string, why: Pick<Ending, 'error' | 'cause'>): Execution;
  /** Goes on with what ran when the cloud ended: at the state that each was in. */
  resume(machineArn: string): void;
  remove(machineArn: string): void;
  /** Resolves when everything that runs has stopped where it is, to go on after the next start. What is started from then on begins there. */
  pause(): Promise<void>;
}

/** An execution that runs, or is about to. */
interface Held {
  run?: Run;
  stopped: boolean;
  done?: Promise<Ending>;
}

interface Dependencies {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly runTask: RunTask;
}

export function createExecutions(kernel: Kernel, { store, tokens, runTask }: Dependencies): Executions {
  const runs = new Map<string, Held>();
  let paused = false;

  /** @param keep writes down what happens; an express execution has no history. */
  function begin(execution: Execution, keep: (event: HistoryEvent) => void, place?: Place): Promise<Ending> {
    if (runs.size >= maximumRunning) throw new AwsError('ExecutionLimitExceeded', `More than ${maximumRunning} executions run.`);
    const held: Held = { stopped: false };
    runs.set(execution.arn, held);
    const done = work().finally(() => runs.delete(execution.arn));
    held.done = done;
    return done;

    async function work(): Promise<Ending> {
      try {
        const whole = toDefinition(execution.definition);
        const definition = { ...whole, StartAt: place?.state ?? whole.StartAt, ...remaining(whole, execution, kernel.now()) };
        const machine = await compile(definition, false);
        if (held.stopped || paused) return { status: 'ABORTED' };
        held.run = run(machine, {
          definition,
          input: (place?.input ?? JSON.parse(execution.input)) as Json,
          context: contextOf(execution),
          runState: createRunState(runTask, tokens, {
            roleArn: execution.roleArn,
            executionArn: execution.arn,
            traceHeader: execution.traceHeader,
          }),
          recorded: place?.recorded ?? 1,
          record: (event) => {
            if (!paused) keep(event);
          },
        });
        return await held.run.ending;
      } catch (error) {
        return { status: 'FAILED', error: 'States.Runtime', cause: (error as Error).message };
      }
    }
  }

  /** Runs what is on disk, and writes down its end. */
  function carryOut(execution: Execution, place?: Place): void {
    if (paused) return;
    const keep = (event: HistoryEvent): void => store.record(execution.arn, event);
    void begin(execution, keep, place).then((ending) => {
      if (paused || store.get(execution.arn)?.status !== 'RUNNING') return;
      keep(endedEvent(ending));
      store.end(execution.arn, ending);
      tellFailure(execution, ending);
    });
  }

  function tellFailure({ arn }: Execution, { status, error = '', cause = '' }: Ending): void {
    if (status !== 'FAILED' && status !== 'TIMED_OUT') return;
    kernel.tell({
      kind: 'notice',
      at: kernel.now(),
      level: 'warn',
      message: `Step Functions: ${arn} ${status} ${error} ${cause}`.trimEnd(),
    });
  }

  function make(machine: StateMachine, { name = randomUUID(), input = '{}', traceHeader }: StartRequest): Execution {
    checkName(name);
    checkedJson(input, 'InvalidExecutionInput');
    const kind = machine.type === 'EXPRESS' ? 'express' : 'execution';
    const arn = `${machine.arn.replace(':stateMachine:', `:${kind}:`)}:${name}${kind === 'express' ? `:${randomUUID()}` : ''}`;
    const { definition, roleArn } = machine;
    return { arn, machineArn: machine.arn, name, status: 'RUNNING', startedAt: kernel.now(), input, traceHeader, definition, roleArn };
  }

  return {
    start(machine, request) {
      const execution = make(machine, request);
      if (machine.type === 'EXPRESS') {
        void begin(execution, () => {}).then((ending) => tellFailure(execution, ending));
        return execution;
      }
      const existing = store.get(execution.arn);
      if (existing?.status === 'RUNNING' && existing.input === execution.input) return existing;
      if (existing) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${execution.arn}'`);
      if (runs.size >= maximumRunning) throw new AwsError('ExecutionLimitExceeded', `More than ${maximumRunning} executions run.`);
      store.add(execution);
      store.record(execution.arn, startedEvent(execution.input, execution.roleArn));
      carryOut(execution);
      return execution;
    },
    async startSync(machine, request) {
      const limited = { ...machine, definition: withTimeout(machine.definition) };
      const execution = make(limited, request);
      return { ...execution, ...(await begin(execution, () => {})), stoppedAt: kernel.now() };
    },
    stop(arn, why) {
      const execution = store.get(arn);
      if (!execution) throw executionMissing(arn);
      if (execution.status !== 'RUNNING') return execution;
      store.record(arn, endedEvent({ status: 'ABORTED', ...why }));
      store.end(arn, { status: 'ABORTED', ...why });
      end(runs.get(arn));
      return store.get(arn)!;
    },
    resume(machineArn) {
      for (const execution of store.running(machineArn)) if (!runs.has(execution.arn)) carryOut(execution, placeOf(execution, store));
    },
    remove(machineArn) {
      for (const { arn } of store.running(machineArn)) end(runs.get(arn));
      store.forget(machineArn);
    },
    async pause() {
      paused = true;
      const all = [...runs.values()];
      all.forEach(end);
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

function end(held: Held | undefined): void {
  if (!held) return;
  held.stopped = true;
  held.run?.stop();
}

function contextOf({ arn, name, roleArn, machineArn, input, startedAt }: Execution) {
  return {
    Execution: { Id: arn, Name: name, RoleArn: roleArn },
    StateMachine: { Id: machineArn, Name: machineArn.split(':').at(-1) ?? '' },
    Began: { Input: JSON.parse(input) as Json, StartTime: new Date(startedAt).toISOString() },
  };
}

/** An express execution has five minutes, or less if it says so. */
function withTimeout(definition: string): string {
  const { TimeoutSeconds = expressSeconds, ...rest } = JSON.parse(definition) as { TimeoutSeconds?: number };
  return JSON.stringify({ ...rest, TimeoutSeconds: Math.min(TimeoutSeconds, expressSeconds) });
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
function checkName(name: string): void {
  if (/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name.slice(0, 100)}'`);
}
