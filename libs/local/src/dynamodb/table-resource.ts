import { generatedName } from '../kernel/generated-name.ts';
import type { CreatedResource, ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import type { Items } from './items.ts';
import { sameJson } from './same-json.ts';
import type { IndexDescription, Table, TableDefinition } from './table.ts';
import { setTimeToLive } from './table-operations.ts';
import type { TableChange, Tables } from './tables.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
interface Properties extends Omit<TableDefinition, 'TableName' | 'DeletionProtectionEnabled'> {
  TableName?: string;
  DeletionProtectionEnabled?: boolean | string;
  TimeToLiveSpecification?: { Enabled?: boolean | string; AttributeName?: string };
  PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean | string };
}

/** `AWS::DynamoDB::Table`. Applied to a table that exists it changes what can be changed, and keeps the items. */
export function tableResource(tables: Tables, items: Items, commit: <Result>(work: () => Result) => Result): ResourceType {
  return {
    type: 'AWS::DynamoDB::Table',
    async apply(request) {
      const properties = request.properties as unknown as Properties;
      const definition = definitionOf(request, properties);
      return commit(() => {
        const existing = tables.find(definition.TableName);
        const table = existing ? change(tables, existing, definition) : tables.create(definition);
        table.pointInTimeRecovery = isTrue(properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled);
        table.tags = Object.fromEntries((definition.Tags ?? []).map(({ Key, Value }) => [Key, String(Value)]));
        tables.save(table);
        const { Enabled = true, AttributeName } = properties.TimeToLiveSpecification ?? {};
        setTimeToLive(tables, items, table, isTrue(Enabled) ? AttributeName : undefined);
        return created(table);
      });
    },
    async remove(physicalId) {
      commit(() => {
        if (tables.find(physicalId)) tables.remove(physicalId);
      });
    },
  };
}

function definitionOf(request: ResourceRequest, properties: Properties): TableDefinition {
  const { TimeToLiveSpecification: _ttl, PointInTimeRecoverySpecification: _pitr, ...rest } = properties;
  return {
    ...rest,
    TableName: properties.TableName ?? generatedName(request, 255),
    DeletionProtectionEnabled: isTrue(properties.DeletionProtectionEnabled),
    ProvisionedThroughput: inNumbers(properties.ProvisionedThroughput),
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map((index) => ({
      ...index,
      ProvisionedThroughput: inNumbers(index.ProvisionedThroughput),
    })),
  };
}

/** CloudFormation writes numbers as text too: those that come from a parameter. */
function inNumbers(given: TableDefinition['ProvisionedThroughput']): TableDefinition['ProvisionedThroughput'] {
  return given && { ReadCapacityUnits: Number(given.ReadCapacityUnits), WriteCapacityUnits: Number(given.WriteCapacityUnits) };
}

function change(tables: Tables, table: Table, wanted: TableDefinition): Table {
  const { description } = table;
  const refuse = (what: string): never => {
    throw new Error(
      `Table ${wanted.TableName} exists with ${what} that cannot be changed. Give the table another name, or reset the laptop cloud, which gives up its items.`,
    );
  };
  const types = (definitions: TableDefinition['AttributeDefinitions']): unknown =>
    description.KeySchema.map(({ AttributeName }) => definitions.find((each) => each.AttributeName === AttributeName)?.AttributeType);
  if (!sameJson(description.KeySchema, wanted.KeySchema)) refuse('another key');
  if (!sameJson(types(description.AttributeDefinitions), types(wanted.AttributeDefinitions))) refuse('another type of key');
  if (!sameJson(shapes(description.LocalSecondaryIndexes), shapes(wanted.LocalSecondaryIndexes))) refuse('other local secondary indexes');
  return tables.update(wanted.TableName, {
    AttributeDefinitions: wanted.AttributeDefinitions,
    BillingMode: wanted.BillingMode ?? 'PROVISIONED',
    ProvisionedThroughput: wanted.ProvisionedThroughput,
    GlobalSecondaryIndexUpdates: indexUpdates(description.GlobalSecondaryIndexes ?? [], wanted.GlobalSecondaryIndexes ?? []),
    StreamSpecification: wanted.StreamSpecification ?? { StreamEnabled: false },
    SSESpecification: wanted.SSESpecification ?? { SSEEnabled: false },
    DeletionProtectionEnabled: wanted.DeletionProtectionEnabled,
    TableClass: wanted.TableClass,
  });
}

/** An index that changed its keys or its projection is made anew. */
function indexUpdates(have: readonly IndexDescription[], want: readonly IndexDescription[]): TableChange['GlobalSecondaryIndexUpdates'] {
  const unchanged = (index: IndexDescription, among: readonly IndexDescription[]): boolean =>
    among.some((other) => sameJson(shapes([other]), shapes([index])));
  return [
    ...have.filter((index) => !unchanged(index, want)).map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...want.filter((index) => !unchanged(index, have)).map((index) => ({ Create: index })),
  ];
}

function shapes(indexes: readonly IndexDescription[] = []): unknown {
  return indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
}

function created({ description }: Table): CreatedResource {
  const enabled = description.StreamSpecification?.StreamEnabled;
  return {
    physicalId: description.TableName,
    attributes: { Arn: description.TableArn, ...(enabled && { StreamArn: description.LatestStreamArn }) },
  };
}

/** CloudFormation writes booleans as text too. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
