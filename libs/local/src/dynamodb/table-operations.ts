import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';
import { validated, validationError } from './dynalite.ts';
import type { Items } from './items.ts';
import { type Place, type Table, type TableDefinition, tableNameOf } from './table.ts';
import type { TableChange, Tables } from './tables.ts';

type Input = Record<string, unknown>;
type Operation = (input: Input) => object;

/** The operations on tables and on what is set beside them. Each is to be called in a transaction, with a table's name for its ARN. */
export function tableOperations(database: Database, tables: Tables, items: Items, place: Place): Record<string, Operation> {
  const measure = database.sql.prepare('SELECT count(*) AS items, total(length(value)) AS bytes FROM items WHERE space = ?');
  const tableOf = (input: Input): Table => tables.get(String(input['TableName']));
  const byArn = (input: Input): Table => tables.get(tableNameOf(String(input['ResourceArn'])));
  const described = (table: Table): object => {
    const size = measure.get(table.space);
    return { ...table.description, ItemCount: size?.['items'] ?? 0, TableSizeBytes: size?.['bytes'] ?? 0 };
  };

  return {
    CreateTable: (input) => ({ TableDescription: described(tables.create(input as unknown as TableDefinition)) }),
    UpdateTable: (input) => ({ TableDescription: described(tables.update(String(input['TableName']), input as TableChange)) }),
    DescribeTable: (input) => ({ Table: described(tables.get(validated('describeTable', input).TableName)) }),
    DeleteTable(input) {
      const { TableName } = validated('deleteTable', input);
      const TableDescription = { ...described(tables.get(TableName)), TableStatus: 'DELETING' };
      tables.remove(TableName);
      return { TableDescription };
    },
    ListTables(input) {
      const { Limit = 100, ExclusiveStartTableName: start = '' } = validated<{ Limit?: number; ExclusiveStartTableName?: string }>(
        'listTables',
        input,
      );
      const names = tables.names().filter((name) => name > start);
      const TableNames = names.slice(0, Limit);
      return { TableNames, ...(names.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
    },
    TagResource(input) {
      validated('tagResource', input);
      const table = byArn(input);
      for (const { Key, Value } of input['Tags'] as { Key: string; Value: string }[]) table.tags[Key] = Value;
      tables.save(table);
      return {};
    },
    UntagResource(input) {
      validated('untagResource', input);
      const table = byArn(input);
      for (const key of input['TagKeys'] as string[]) delete table.tags[key];
      tables.save(table);
      return {};
    },
    ListTagsOfResource: (input) => ({ Tags: Object.entries(byArn(input).tags).map(([Key, Value]) => ({ Key, Value })) }),
    UpdateTimeToLive(input) {
      const table = tableOf(input);
      const wanted = input['TimeToLiveSpecification'] as { Enabled?: boolean; AttributeName?: string } | undefined;
      if (!wanted?.AttributeName || wanted.Enabled === undefined)
        throw validationError('TimeToLiveSpecification needs Enabled and AttributeName');
      const current = table.timeToLive;
      if (wanted.Enabled === (current !== undefined))
        throw validationError(`TimeToLive is already ${wanted.Enabled ? 'enabled' : 'disabled'}`);
      if (!wanted.Enabled && current !== wanted.AttributeName) {
        throw validationError('TimeToLive is active on a different AttributeName: current AttributeName is ' + current);
      }
      setTimeToLive(tables, items, table, wanted.Enabled ? wanted.AttributeName : undefined);
      return { TimeToLiveSpecification: wanted };
    },
    DescribeTimeToLive(input) {
      const attribute = tableOf(input).timeToLive;
      const TimeToLiveDescription = attribute
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute }
        : { TimeToLiveStatus: 'DISABLED' };
      return { TimeToLiveDescription };
    },
    UpdateContinuousBackups(input) {
      const table = tableOf(input);
      const wanted = input['PointInTimeRecoverySpecification'] as { PointInTimeRecoveryEnabled?: boolean } | undefined;
      if (wanted?.PointInTimeRecoveryEnabled === undefined) throw validationError('PointInTimeRecoverySpecification is required');
      table.pointInTimeRecovery = wanted.PointInTimeRecoveryEnabled;
      tables.save(table);
      return backups(table, place);
    },
    DescribeContinuousBackups: (input) => backups(tableOf(input), place),
    DescribeLimits: () => ({
      AccountMaxReadCapacityUnits: 80000,
      AccountMaxWriteCapacityUnits: 80000,
      TableMaxReadCapacityUnits: 40000,
      TableMaxWriteCapacityUnits: 40000,
    }),
  };
}

/** Sets or ends a table's time to live, and notes for the items that it holds when they expire. */
export function setTimeToLive(tables: Tables, items: Items, table: Table, attribute: string | undefined): void {
  if (table.timeToLive === attribute) return;
  table.timeToLive = attribute;
  tables.save(table);
  items.noteExpiry(table);
}

/** @throws {AwsError} for an operation that this engine does not have. */
export function unknownOperation(operation: string): never {
  throw new AwsError('UnknownOperationException', `The laptop cloud's DynamoDB has no operation ${operation}`);
}

function backups({ pointInTimeRecovery, description }: Table, place: Place): object {
  const PointInTimeRecoveryDescription = pointInTimeRecovery
    ? {
        PointInTimeRecoveryStatus: 'ENABLED',
        EarliestRestorableDateTime: description.CreationDateTime,
        LatestRestorableDateTime: place.now() / 1000,
      }
    : { PointInTimeRecoveryStatus: 'DISABLED' };
  return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } };
}
