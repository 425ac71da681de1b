import { AwsError } from '../kernel/aws-error.ts';
import type { Database } from './database.ts';
import { validated, validationError } from './dynalite.ts';
import {
  describe,
  describeGlobalIndex,
  encryption,
  indexOf,
  type IndexDescription,
  type Place,
  type StreamSpecification,
  type Table,
  tableArn,
  type TableDefinition,
  type TableDescription,
} from './table.ts';

/** The tables, in memory and on disk. Everything here is to be called in a transaction. */
export interface Tables {
  /** @throws {AwsError} `ResourceNotFoundException`. */
  get(name: string): Table;
  find(name: string): Table | undefined;
  /** Names in the order of their bytes. */
  names(): string[];
  all(): Iterable<Table>;
  /** @throws {AwsError} */
  create(definition: TableDefinition): Table;
  /** Changes a table, and keeps its items. @throws {AwsError} */
  update(name: string, change: TableChange): Table;
  /** Writes down what was changed in a table. */
  save(table: Table): void;
  remove(name: string): void;
}

export interface TableChange {
  AttributeDefinitions?: TableDescription['AttributeDefinitions'];
  BillingMode?: string;
  ProvisionedThroughput?: TableDescription['ProvisionedThroughput'];
  GlobalSecondaryIndexUpdates?: {
    Create?: IndexDescription;
    Update?: Pick<IndexDescription, 'IndexName' | 'ProvisionedThroughput'>;
    Delete?: { IndexName: string };
  }[];
  StreamSpecification?: StreamSpecification;
  SSESpecification?: TableDefinition['SSESpecification'];
  DeletionProtectionEnabled?: boolean;
  TableClass?: string;
}

/** @param fill puts the items of a table into an index that was added. */
export function createTables(database: Database, place: Place, fill: (table: Table, index: Table['indexes'][number]) => void): Tables {
  const { sql } = database;
  const insertSpace = sql.prepare('INSERT INTO spaces DEFAULT VALUES');
  const saveTable = sql.prepare('INSERT OR REPLACE INTO tables (name, value) VALUES (?, ?)');
  const deleteTable = sql.prepare('DELETE FROM tables WHERE name = ?');
  const deleteItems = sql.prepare('DELETE FROM items WHERE space = ?');
  const deleteRecords = sql.prepare('DELETE FROM records WHERE stream = ?');
  const tables = new Map<string, Table>();
  for (const { value } of sql.prepare('SELECT value FROM tables').all()) {
    const table = JSON.parse(value as string) as Table;
    tables.set(table.description.TableName, table);
  }
  const newSpace = (): number => Number(insertSpace.run().lastInsertRowid);

  const registry: Tables = {
    find: (name) => tables.get(name),
    get(name) {
      const table = tables.get(name);
      if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
      return table;
    },
    names: () => [...tables.keys()].sort(),
    all: () => tables.values(),
    create(definition) {
      const checked = { ...definition, ...validated<TableDefinition>('createTable', definition) };
      if (tables.has(checked.TableName)) {
        throw new AwsError('ResourceInUseException', `Table already exists: ${checked.TableName}`);
      }
      const indexes = (['Local', 'Global'] as const).flatMap((kind) =>
        (checked[`${kind}SecondaryIndexes`] ?? []).map((index) => indexOf(kind, index, checked.KeySchema, newSpace())),
      );
      const tags = Object.fromEntries((checked.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
      const table: Table = { description: describe(place, checked), space: newSpace(), indexes, pointInTimeRecovery: false, tags };
      setStream(place, table.description, checked.StreamSpecification);
      registry.save(table);
      return table;
    },
    update(name, change) {
      const table = structuredClone(registry.get(name));
      applySettings(place, table.description, change);
      for (const { Create, Update, Delete } of change.GlobalSecondaryIndexUpdates ?? []) {
        if (Create) {
          const index = addIndex(table, Create, newSpace);
          fill(table, index);
        }
        if (Update) updateIndex(table, Update);
        if (Delete) deleteItems.run(dropIndex(table, Delete.IndexName).space);
      }
      registry.save(table);
      return table;
    },
    save(table) {
      saveTable.run(table.description.TableName, JSON.stringify(table));
      tables.set(table.description.TableName, table);
    },
    remove(name) {
      const table = registry.get(name);
      if (table.description.DeletionProtectionEnabled) {
        throw validationError(
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
        );
      }
      for (const { space } of [table, ...table.indexes]) deleteItems.run(space);
      if (table.description.LatestStreamArn) deleteRecords.run(table.description.LatestStreamArn);
      deleteTable.run(name);
      tables.delete(name);
    },
  };
  return registry;
}

/** Starts or ends a stream. Each start is a new stream, with a label and an ARN of its own. */
function setStream(place: Place, description: TableDescription, wanted: StreamSpecification | undefined): void {
  // CloudFormation says only the view type; the API says StreamEnabled too.
  const enabled = wanted?.StreamEnabled ?? wanted?.StreamViewType !== undefined;
  const current = description.StreamSpecification;
  if (!enabled) {
    delete description.StreamSpecification;
    return;
  }
  if (!wanted?.StreamViewType)
    throw validationError('One or more parameter values were invalid: StreamViewType is required when the stream is enabled');
  if (current?.StreamViewType === wanted.StreamViewType) return;
  const label = new Date(place.now()).toISOString().replace('Z', '');
  description.StreamSpecification = { StreamEnabled: true, StreamViewType: wanted.StreamViewType };
  description.LatestStreamLabel = label;
  description.LatestStreamArn = `${tableArn(place, description.TableName)}/stream/${label}`;
}

function applySettings(place: Place, description: TableDescription, change: TableChange): void {
  if (change.AttributeDefinitions) description.AttributeDefinitions = change.AttributeDefinitions;
  if (change.BillingMode === 'PAY_PER_REQUEST') description.BillingModeSummary = { BillingMode: 'PAY_PER_REQUEST' };
  if (change.BillingMode === 'PROVISIONED') delete description.BillingModeSummary;
  if (change.ProvisionedThroughput)
    description.ProvisionedThroughput = { ...description.ProvisionedThroughput, ...change.ProvisionedThroughput };
  if (change.StreamSpecification) setStream(place, description, change.StreamSpecification);
  if (change.SSESpecification) {
    delete description.SSEDescription;
    Object.assign(description, encryption(change.SSESpecification));
  }
  if (change.DeletionProtectionEnabled !== undefined) description.DeletionProtectionEnabled = change.DeletionProtectionEnabled;
  if (change.TableClass) description.TableClassSummary = { TableClass: change.TableClass };
}

function addIndex(table: Table, created: IndexDescription, newSpace: () => number): Table['indexes'][number] {
  const { description } = table;
  if (table.indexes.some(({ name }) => name === created.IndexName)) {
    throw validationError(`One or more parameter values were invalid: Index already exists: ${created.IndexName}`);
  }
  const undefinedKey = created.KeySchema.find(
    (key) => !description.AttributeDefinitions.some((definition) => definition.AttributeName === key.AttributeName),
  );
  if (undefinedKey) {
    throw validationError(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Key: ${undefinedKey.AttributeName}`,
    );
  }
  description.GlobalSecondaryIndexes = [...(description.GlobalSecondaryIndexes ?? []), describeGlobalIndex(description.TableArn, created)];
  const index = indexOf('Global', created, description.KeySchema, newSpace());
  table.indexes.push(index);
  return index;
}

function updateIndex(table: Table, change: Pick<IndexDescription, 'IndexName' | 'ProvisionedThroughput'>): void {
  const index = table.description.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === change.IndexName);
  if (!index) throw indexNotFound(change.IndexName);
  Object.assign(index, describeGlobalIndex(table.description.TableArn, { ...index, ...change }));
}

function dropIndex(table: Table, name: string): Table['indexes'][number] {
  const position = table.indexes.findIndex((index) => index.name === name && index.kind === 'Global');
  const [index] = position < 0 ? [] : table.indexes.splice(position, 1);
  if (!index) throw indexNotFound(name);
  const left = table.description.GlobalSecondaryIndexes!.filter(({ IndexName }) => IndexName !== name);
  if (left.length > 0) table.description.GlobalSecondaryIndexes = left;
  else delete table.description.GlobalSecondaryIndexes;
  return index;
}

function indexNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: index ${name}`);
}
