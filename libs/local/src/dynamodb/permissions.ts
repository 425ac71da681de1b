import type { Call, Permission } from '../kernel/call.ts';
import type { AttributeValue, Item } from './item.ts';
import { type Place, tableArn, tableNameOf } from './table.ts';
import type { Tables } from './tables.ts';
import { writeActionOf } from './transactions.ts';

type Input = Record<string, unknown>;

/**
 * What IAM has to allow for a call: actions and resources as the service authorization reference lists them, batches and
 * transactions action by action.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function permissionsOf(tables: Tables, place: Place, { operation, input }: Call): Permission[] {
  const arn = (name: unknown): string => tableArn(place, tableNameOf(String(name)));
  const need = (action: string, table: unknown, keys: readonly (Item | undefined)[] = [], index?: unknown): Permission => {
    const leading = leadingKeys(tables, tableNameOf(String(table)), keys);
    const resource = index === undefined ? arn(table) : `${arn(table)}/index/${String(index)}`;
    return { action: `dynamodb:${action}`, resource, ...(leading.length > 0 && { context: { 'dynamodb:LeadingKeys': leading } }) };
  };

  switch (operation) {
    case 'PutItem':
      return [need('PutItem', input['TableName'], [input['Item'] as Item])];
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [need(operation, input['TableName'], [input['Key'] as Item])];
    case 'Query':
    case 'Scan':
      return [need(operation, input['TableName'], [], input['IndexName'])];
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries((input['RequestItems'] ?? {}) as Input).map(([table, request]) => need(operation, table, batchKeys(request)));
    case 'TransactWriteItems':
      return actions(input).map((action) => {
        const { name, request } = writeActionOf(action);
        return need(name === 'ConditionCheck' ? 'ConditionCheckItem' : `${name}Item`, request['TableName'], [
          (request['Item'] ?? request['Key']) as Item,
        ]);
      });
    case 'TransactGetItems':
      return actions(input).map(({ Get }) => need('GetItem', (Get as Input)?.['TableName'], [(Get as Input)?.['Key'] as Item]));
    case 'ListTables':
    case 'DescribeLimits':
    case 'DescribeEndpoints':
      return [{ action: `dynamodb:${operation}`, resource: '*' }];
    default:
      return [need(operation, input['TableName'] ?? input['ResourceArn'])];
  }
}

function actions(input: Input): Input[] {
  const list = input['TransactItems'];
  return Array.isArray(list) ? (list as Input[]) : [];
}

function batchKeys(request: unknown): Item[] {
  if (!Array.isArray(request)) return ((request as { Keys?: Item[] } | null)?.Keys ?? []) as Item[];
  return (request as { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]).map(
    (each) => each.PutRequest?.Item ?? each.DeleteRequest?.Key ?? {},
  );
}

/** The partition keys of a call, for conditions on `dynamodb:LeadingKeys`. */
function leadingKeys(tables: Tables, table: string, keys: readonly (Item | undefined)[]): string[] {
  const name = tables.find(table)?.description.KeySchema[0]?.AttributeName;
  if (!name) return [];
  return keys.flatMap((key) => {
    const value: AttributeValue | undefined = key?.[name];
    const text = value?.S ?? value?.N ?? value?.B;
    return text === undefined ? [] : [text];
  });
}
