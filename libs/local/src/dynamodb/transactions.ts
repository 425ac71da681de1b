import { AwsError } from '../kernel/aws-error.ts';
import { validationError } from './dynalite.ts';
import { type Item, itemBytes } from './item.ts';
import type { Items } from './items.ts';
import { getItem } from './reads.ts';
import { tableNameOf } from './table.ts';
import type { Tables } from './tables.ts';
import type { Tokens } from './tokens.ts';
import { ConditionFailed, decide, type Decision, type WriteOperation } from './writes.ts';

type Input = Record<string, unknown>;

/** `{Code: 'None'}` for an action that did not fail. One for each action, in their order. */
interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const mostActions = 100;
const mostBytes = 4 * 1024 * 1024;
const operations = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem', ConditionCheck: 'deleteItem' } as const;

export type WriteAction = keyof typeof operations;

/**
 * TransactWriteItems. To be called in a transaction of the database: what is thrown undoes everything. The engine runs one
 * request at a time, from its first read to its commit, so that two transactions never meet: TransactionConflict comes only from a
 * fault made on purpose.
 * @throws {AwsError} `TransactionCanceledException`, `IdempotentParameterMismatchException`, `ValidationException`…
 */
export function transactWrite(tables: Tables, items: Items, tokens: Tokens, input: Input): object {
  const actions = actionsOf(input).map((action) => writeActionOf(action));
  if (tokens.repeats(input)) return {};
  const decisions: (Decision | undefined)[] = [];
  const seen = new Set<string>();
  const reasons: CancellationReason[] = actions.map(({ name, operation, request }, index) => {
    tables.get(String(request['TableName']));
    try {
      const decision = decide(tables, items, operation, request);
      decisions[index] = decision;
      refuseRepetition(seen, `${decision.table.space}/${decision.change.key}`);
      return { Code: 'None' };
    } catch (error) {
      if (error instanceof ConditionFailed) refuseRepetition(seen, error.place);
      return reasonOf(error, name, request);
    }
  });
  refuseLargeTransactions(decisions, reasons);
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  decisions.forEach((decision, index) => {
    if (decision && actions[index]!.name !== 'ConditionCheck') items.write(decision.table, decision.change);
  });
  const capacity = decisions.map((decision) => decision?.answer['ConsumedCapacity']).filter(Boolean);
  return capacity.length > 0 ? { ConsumedCapacity: capacity } : {};
}

/** TransactGetItems: all at one moment. @throws {AwsError} */
export function transactGet(tables: Tables, items: Items, input: Input): object {
  let bytes = 0;
  const Responses = actionsOf(input).map((action) => {
    const get = action['Get'] as Input | undefined;
    if (!get) throw validationError('TransactGetItems takes Get actions only');
    const { Item: item } = getItem(tables, items, { ...get, TableName: tableNameOf(String(get['TableName'] ?? '')) }) as { Item?: Item };
    bytes += item ? itemBytes(item) : 0;
    return item ? { Item: item } : {};
  });
  if (bytes > mostBytes) throw validationError('The aggregate size of the items in the transaction exceeds 4 MB');
  return { Responses };
}

/** The one action that a member of `TransactItems` holds. @throws {AwsError} */
export function writeActionOf(action: Input): { name: WriteAction; operation: WriteOperation; request: Input } {
  const names = Object.keys(action).filter((name) => action[name] !== undefined && action[name] !== null);
  const [name] = names;
  if (names.length !== 1 || !name || !(name in operations)) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const given = action[name] as Input;
  const request = { ...given, TableName: tableNameOf(String(given['TableName'] ?? '')) };
  if (name === 'ConditionCheck' && !given['ConditionExpression']) {
    throw validationError(
      "1 validation error detected: Value null at 'transactItems.1.member.conditionCheck.conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  return { name: name as WriteAction, operation: operations[name as WriteAction], request };
}

function actionsOf(input: Input): Input[] {
  const actions = input['TransactItems'];
  if (!Array.isArray(actions))
    throw validationError(
      "1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must not be null",
    );
  if (actions.length === 0)
    throw validationError(
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (actions.length > mostActions) {
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${mostActions}`,
    );
  }
  return actions as Input[];
}

function reasonOf(error: unknown, name: WriteAction, request: Input): CancellationReason {
  if (error instanceof ConditionFailed) {
    const returned = request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && error.item;
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(returned && { Item: returned }) };
  }
  if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
  // What is wrong with the request itself refuses it; what is wrong with one item cancels the transaction.
  if (name === 'Update' && /exceeded the maximum|operand in the update|attribute that does not exist|document path/.test(error.message)) {
    return { Code: 'ValidationError', Message: error.message };
  }
  throw error;
}

function refuseRepetition(seen: Set<string>, place: string): void {
  if (seen.has(place)) throw validationError('Transaction request cannot include multiple operations on one item');
  seen.add(place);
}

function refuseLargeTransactions(decisions: readonly (Decision | undefined)[], reasons: CancellationReason[]): void {
  let bytes = 0;
  decisions.forEach((decision, index) => {
    bytes += decision?.change.after ? itemBytes(decision.change.after) : 0;
    if (bytes > mostBytes && reasons[index]!.Code === 'None') {
      reasons[index] = { Code: 'ValidationError', Message: 'The aggregate size of the items in the transaction exceeds 4 MB' };
    }
  });
}

function cancelled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}
