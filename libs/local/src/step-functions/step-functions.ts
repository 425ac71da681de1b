import type { Engine } from '../kernel/engine.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, StateMachinePort } from '../kernel/ports.ts';
import { openState } from '../kernel/state.ts';
import { createExecutions } from './executions.ts';
import { machineMissing, type StateMachine } from './model.ts';
import { stepFunctionsOperations } from './operations.ts';
import { stateMachineResource } from './resources.ts';
import { createStore } from './store.ts';
import { createTasks, type TaskDependencies } from './tasks.ts';
import { createTokens } from './tokens.ts';

export interface StepFunctionsDependencies extends Omit<TaskDependencies, 'iam'> {
  readonly iam: Pick<IamPort, 'allows' | 'assumes'>;
}

export interface StepFunctions extends Engine {
  readonly machines: StateMachinePort;
  /** Stops what runs where it is, before the functions that it calls end: it goes on after the next start. */
  pause(): Promise<void>;
}

/** Step Functions: state machines of templates, and executions that outlive the process. State in `<stateDirectory>/step-functions.sqlite`. */
export async function createStepFunctions(kernel: Kernel, { iam, ...dependencies }: StepFunctionsDependencies): Promise<StepFunctions> {
  const state = openState(kernel.stateDirectory, 'step-functions');
  const store = createStore(kernel, state);
  const machines = state.documents<StateMachine>('machine');
  const tokens = createTokens();
  const executions = createExecutions(kernel, { store, tokens, runTask: createTasks(kernel, { ...dependencies, iam }) });
  const operations = stepFunctionsOperations({ machines, executions, store, tokens });
  return {
    services: [jsonService({ signingName: 'states', targetPrefix: 'AWSStepFunctions', jsonVersion: '1.0' }, operations)],
    resourceTypes: [stateMachineResource(kernel, { machines, executions, iam })],
    machines: {
      start: (machineArn, request) => {
        const machine = machines.get(machineArn);
        if (!machine) throw machineMissing(machineArn);
        return executions.start(machine, request).arn;
      },
      describe: (machineArn) =>
        machines.get(machineArn) && {
          running: store.count(machineArn, 'RUNNING'),
          failed: store.count(machineArn, 'FAILED') + store.count(machineArn, 'TIMED_OUT'),
        },
    },
    pause: executions.pause,
    close: async () => {
      await executions.pause();
      state.close();
    },
  };
}
