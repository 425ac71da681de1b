import type { StateMachine } from 'aws-local-stepfunctions';
import type { Ending, HistoryEvent, Json } from './model.ts';
import type { TaskRequest } from './run-state.ts';

type Log = ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Each> ? Each : never;
type Details = Readonly<Record<string, unknown>>;

/**
 * What the interpreter tells, as GetExecutionHistory tells it. Tasks and the end are told by those who see to them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export function historyOf(log: Log): HistoryEvent[] {
  switch (log.type) {
    case 'StateEntered': {
      const { name, type, input } = log.state;
      const entered = event(`${type}StateEntered`, 'stateEntered', { name, input: JSON.stringify(input), inputDetails: whole });
      if (type === 'Parallel') return [entered, { type: 'ParallelStateStarted' }];
      return type === 'Map' ? [entered, { type: 'MapStateStarted' }] : [entered];
    }
    case 'StateExited': {
      const { name, type, output = null } = log.state;
      const exited = event(`${type}StateExited`, 'stateExited', { name, output: JSON.stringify(output), outputDetails: whole });
      return [exited];
    }
    case 'StateFailed': {
      const { name, type } = log.state;
      if (type === 'Parallel' || type === 'Map') return [{ type: `${type}StateFailed` }];
      // Of a task that runs out of time nobody else knows.
      return type === 'Task' && log.Error === 'States.Timeout'
        ? [event('TaskTimedOut', 'taskTimedOut', { resource: name, resourceType: 'task', error: log.Error })]
        : [];
    }
    case 'MapIterationStarted':
    case 'MapIterationSucceeded':
    case 'MapIterationFailed':
      return [event(log.type, `m${log.type.slice(1)}`, { name: log.parentState.name, index: log.index })];
    default:
      return [];
  }
}

/** The events of one attempt at a task. */
export function taskEvents({ resource, task, parameters }: Pick<TaskRequest, 'resource' | 'task' | 'parameters'>) {
  if (task.kind === 'function') {
    return {
      scheduled: event('LambdaFunctionScheduled', 'lambdaFunctionScheduled', {
        resource,
        input: JSON.stringify(parameters),
        inputDetails: whole,
      }),
      started: { type: 'LambdaFunctionStarted' } as HistoryEvent,
      succeeded: (output: Json) =>
        event('LambdaFunctionSucceeded', 'lambdaFunctionSucceeded', { output: JSON.stringify(output), outputDetails: whole }),
      failed: (error: string, cause: string) => event('LambdaFunctionFailed', 'lambdaFunctionFailed', { error, cause }),
    };
  }
  const parts = resource.replace('arn:aws:states:::', '').split(':');
  const about = { resource: parts.at(-1), resourceType: parts.slice(0, -1).join(':') };
  return {
    scheduled: event('TaskScheduled', 'taskScheduled', { ...about, region: 'us-east-1', parameters: JSON.stringify(parameters) }),
    started: event('TaskStarted', 'taskStarted', about),
    succeeded: (output: Json) =>
      event('TaskSucceeded', 'taskSucceeded', { ...about, output: JSON.stringify(output), outputDetails: whole }),
    failed: (error: string, cause: string) => event('TaskFailed', 'taskFailed', { ...about, error, cause }),
  };
}

export function startedEvent(input: string, roleArn: string): HistoryEvent {
  return event('ExecutionStarted', 'executionStarted', { input, inputDetails: whole, roleArn });
}

export function endedEvent({ status, output, error, cause }: Ending): HistoryEvent {
  switch (status) {
    case 'SUCCEEDED':
      return event('ExecutionSucceeded', 'executionSucceeded', { output, outputDetails: whole });
    case 'FAILED':
      return event('ExecutionFailed', 'executionFailed', { error, cause });
    case 'TIMED_OUT':
      return event('ExecutionTimedOut', 'executionTimedOut', { error: 'States.Timeout' });
    case 'ABORTED':
      return event('ExecutionAborted', 'executionAborted', { error, cause });
  }
}

const whole = { truncated: false };

function event(type: string, kind: string, details: Details): HistoryEvent {
  return { type, details: { [`${kind}EventDetails`]: details } };
}
