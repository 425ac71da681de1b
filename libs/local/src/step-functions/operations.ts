import { AwsError } from '../kernel/aws-error.ts';
import type { Permission } from '../kernel/call.ts';
import { type Operation, page, read } from '../kernel/json-api.ts';
import { describeExecution, describeMachine, eventOf, summaryOf } from './describe.ts';
import type { Executions } from './executions.ts';
import { checkedJson, type Execution, executionMissing, machineMissing, type StateMachine } from './model.ts';
import type { Store } from './store.ts';
import type { Tokens } from './tokens.ts';

type Input = Readonly<Record<string, unknown>>;

/** The most that a page of ListExecutions, ListStateMachines and GetExecutionHistory has; the default is 100. */
const maximumPage = 1_000;

export interface OperationParts {
  readonly machines: { get(arn: string): StateMachine | undefined; all(): StateMachine[] };
  readonly executions: Executions;
  readonly store: Store;
  readonly tokens: Tokens;
}

/** The operations of Step Functions. State machines come from templates. */
export function stepFunctionsOperations({ machines, executions, store, tokens }: OperationParts): Readonly<Record<string, Operation>> {
  const on = (action: string, member: string, run: Operation['run']): Operation => ({
    permissions: (input): Permission[] => [{ action: `states:${action}`, resource: read.optionalText(input, member) ?? '*' }],
    run,
  });
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html: these have no resource to name.
  const onAll = (action: string, run: Operation['run']): Operation => ({
    permissions: () => [{ action: `states:${action}`, resource: '*' }],
    run,
  });
  const machine = (input: Input, type?: StateMachine['type']): StateMachine => {
    const arn = read.text(input, 'stateMachineArn');
    const found = machines.get(arn);
    if (!found) throw machineMissing(arn);
    if (type !== undefined && found.type !== type)
      throw new AwsError('StateMachineTypeNotSupported', `This operation is not supported by state machines of type ${found.type}.`);
    return found;
  };
  const execution = (input: Input): Execution => {
    const arn = read.text(input, 'executionArn');
    const found = store.get(arn);
    if (!found) throw executionMissing(arn);
    return found;
  };
  const startOf = (input: Input, traceHeader: string | undefined) => ({
    name: read.optionalText(input, 'name'),
    input: read.optionalText(input, 'input'),
    traceHeader: read.optionalText(input, 'traceHeader') ?? traceHeader,
  });

  return {
    StartExecution: on('StartExecution', 'stateMachineArn', (input, { traceHeader }) => {
      const { arn, startedAt } = executions.start(machine(input), startOf(input, traceHeader));
      return { executionArn: arn, startDate: startedAt / 1000 };
    }),
    StartSyncExecution: on('StartSyncExecution', 'stateMachineArn', async (input, { traceHeader }) =>
      describeExecution(await executions.startSync(machine(input, 'EXPRESS'), startOf(input, traceHeader))),
    ),
    StopExecution: on('StopExecution', 'executionArn', (input) => {
      const why = { error: read.optionalText(input, 'error'), cause: read.optionalText(input, 'cause') };
      return { stopDate: (executions.stop(read.text(input, 'executionArn'), why).stoppedAt ?? 0) / 1000 };
    }),
    DescribeExecution: on('DescribeExecution', 'executionArn', (input) => describeExecution(execution(input))),
    DescribeStateMachineForExecution: on('DescribeStateMachineForExecution', 'executionArn', (input) => {
      const { machineArn, definition, roleArn } = execution(input);
      const { updateDate, ...described } = describeMachine({ ...machine({ stateMachineArn: machineArn }), definition, roleArn });
      return { ...described, updateDate };
    }),
    GetExecutionHistory: on('GetExecutionHistory', 'executionArn', (input) => {
      const { arn } = execution(input);
      const newestFirst = read.flag(input, 'reverseOrder');
      const { items, ...more } = pageOf(input, (given) => store.history(arn, { ...given, newestFirst }));
      return { events: items.map(eventOf), ...more };
    }),
    ListExecutions: on('ListExecutions', 'stateMachineArn', (input) => {
      const { arn } = machine(input, 'STANDARD');
      const { items, ...more } = pageOf(input, (given) => store.list(arn, read.optionalText(input, 'statusFilter'), given));
      return { executions: items.map(summaryOf), ...more };
    }),
    DescribeStateMachine: on('DescribeStateMachine', 'stateMachineArn', (input) => describeMachine(machine(input))),
    ListStateMachines: onAll('ListStateMachines', (input) => {
      const { items, NextToken: nextToken } = page(machines.all(), read.optionalText(input, 'nextToken'), limitOf(input));
      const stateMachines = items.map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: createdAt / 1000,
      }));
      return { stateMachines, nextToken };
    }),
    SendTaskSuccess: onAll('SendTaskSuccess', (input) => {
      tokens.succeed(read.text(input, 'taskToken'), checkedJson(read.text(input, 'output'), 'InvalidOutput'));
      return {};
    }),
    SendTaskFailure: onAll('SendTaskFailure', (input) => {
      tokens.fail(read.text(input, 'taskToken'), read.optionalText(input, 'error') ?? '', read.optionalText(input, 'cause') ?? '');
      return {};
    }),
    SendTaskHeartbeat: onAll('SendTaskHeartbeat', (input) => {
      tokens.beat(read.text(input, 'taskToken'));
      return {};
    }),
  };
}

function limitOf(input: Input): number {
  return Math.min(Math.max(read.optionalNumber(input, 'maxResults') || 100, 1), maximumPage);
}

/** One more than a page is read, which tells whether another follows. */
function pageOf<Item>(input: Input, readItems: (page: { offset: number; limit: number }) => Item[]): { items: Item[]; nextToken?: string } {
  const limit = limitOf(input);
  const token = read.optionalText(input, 'nextToken');
  const offset = token === undefined ? 0 : Number(token);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new AwsError('InvalidToken', `Invalid Token: '${token?.slice(0, 100)}'`);
  const items = readItems({ offset, limit: limit + 1 });
  return items.length > limit ? { items: items.slice(0, limit), nextToken: String(offset + limit) } : { items };
}
