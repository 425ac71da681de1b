import type { Execution, StateMachine } from './model.ts';
import type { RecordedEvent } from './store.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html. Times in seconds since 1970. */
export function describeExecution(execution: Execution): object {
  const { input, output, error, cause, traceHeader } = execution;
  const details = { included: true };
  return {
    ...summaryOf(execution),
    input,
    inputDetails: details,
    output,
    ...(output !== undefined && { outputDetails: details }),
    error,
    cause,
    traceHeader,
  };
}

export function summaryOf({ arn, machineArn, name, status, startedAt, stoppedAt }: Execution): object {
  const stopDate = stoppedAt === undefined ? undefined : stoppedAt / 1000;
  return { executionArn: arn, stateMachineArn: machineArn, name, status, startDate: startedAt / 1000, stopDate };
}

export function describeMachine({ arn, name, type, roleArn, definition, revisionId, createdAt }: StateMachine) {
  const creationDate = createdAt / 1000;
  return { stateMachineArn: arn, name, type, roleArn, definition, revisionId, creationDate, updateDate: creationDate, status: 'ACTIVE' };
}

export function eventOf({ id, at, type, details }: RecordedEvent): object {
  return { id, previousEventId: id - 1, timestamp: at / 1000, type, ...details };
}
