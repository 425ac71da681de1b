import { randomUUID } from 'node:crypto';
import type { KeySchema } from './dynalite.ts';

export interface Projection {
  ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  NonKeyAttributes?: string[];
}

interface Throughput {
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
  NumberOfDecreasesToday?: number;
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: KeySchema;
  Projection: Projection;
  IndexArn?: string;
  IndexStatus?: string;
  ProvisionedThroughput?: Throughput;
}

export type ViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

export interface StreamSpecification {
  StreamEnabled?: boolean;
  StreamViewType?: ViewType;
}

/** A table as DescribeTable answers it. */
export interface TableDescription {
  TableName: string;
  TableArn: string;
  TableId: string;
  TableStatus: 'ACTIVE' | 'DELETING';
  /** Seconds since 1970. */
  CreationDateTime: number;
  KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  ProvisionedThroughput: Throughput;
  BillingModeSummary?: { BillingMode: string };
  GlobalSecondaryIndexes?: IndexDescription[];
  LocalSecondaryIndexes?: IndexDescription[];
  StreamSpecification?: StreamSpecification;
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
  SSEDescription?: { Status: string; SSEType: string; KMSMasterKeyArn?: string };
  DeletionProtectionEnabled: boolean;
  TableClassSummary?: { TableClass: string };
}

/** What CreateTable and CloudFormation say of a table. */
export interface TableDefinition {
  TableName: string;
  KeySchema: KeySchema;
  AttributeDefinitions: TableDescription['AttributeDefinitions'];
  BillingMode?: string;
  ProvisionedThroughput?: Throughput;
  GlobalSecondaryIndexes?: IndexDescription[];
  LocalSecondaryIndexes?: IndexDescription[];
  StreamSpecification?: StreamSpecification;
  SSESpecification?: { Enabled?: boolean; SSEEnabled?: boolean; SSEType?: string; KMSMasterKeyId?: string };
  DeletionProtectionEnabled?: boolean;
  TableClass?: string;
  Tags?: { Key: string; Value: string }[];
}

/** A table with where its rows are and what is set beside it. */
export interface Table {
  description: TableDescription;
  space: number;
  indexes: TableIndex[];
  timeToLive?: string | undefined;
  pointInTimeRecovery: boolean;
  tags: Record<string, string>;
}

export interface TableIndex {
  name: string;
  kind: 'Global' | 'Local';
  keySchema: KeySchema;
  /** The attributes that it holds. */
  holds: 'ALL' | readonly string[];
  space: number;
}

export interface Place {
  readonly region: string;
  readonly accountId: string;
  now(): number;
}

export function tableArn(place: Place, name: string): string {
  return `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`;
}

/** Accepts a name or an ARN, as every operation does. */
export function tableNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':table/')[1]?.split('/')[0] ?? nameOrArn) : nameOrArn;
}

export function describe(place: Place, definition: TableDefinition): TableDescription {
  const arn = tableArn(place, definition.TableName);
  const onDemand = definition.BillingMode === 'PAY_PER_REQUEST';
  return {
    TableName: definition.TableName,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: place.now() / 1000,
    KeySchema: definition.KeySchema,
    AttributeDefinitions: definition.AttributeDefinitions,
    ProvisionedThroughput: throughput(definition.ProvisionedThroughput),
    ...(onDemand && { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }),
    ...(definition.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: definition.GlobalSecondaryIndexes.map((index) => describeGlobalIndex(arn, index)),
    }),
    ...(definition.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: definition.LocalSecondaryIndexes.map((index) => describeIndex(arn, index)),
    }),
    ...encryption(definition.SSESpecification),
    ...(definition.TableClass && { TableClassSummary: { TableClass: definition.TableClass } }),
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled ?? false,
  };
}

export function describeGlobalIndex(arn: string, index: IndexDescription): IndexDescription {
  return { ...describeIndex(arn, index), IndexStatus: 'ACTIVE', ProvisionedThroughput: throughput(index.ProvisionedThroughput) };
}

/** The part of a description that says how a table is encrypted; nothing for the default key that AWS owns. */
export function encryption(specification: TableDefinition['SSESpecification']): Pick<TableDescription, 'SSEDescription'> {
  if (!(specification?.Enabled ?? specification?.SSEEnabled)) return {};
  const key = specification?.KMSMasterKeyId;
  return { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', ...(key && { KMSMasterKeyArn: key }) } };
}

/** Where an index keeps its rows and what of an item it keeps. */
export function indexOf(kind: TableIndex['kind'], index: IndexDescription, tableKey: KeySchema, space: number): TableIndex {
  const keys = [...index.KeySchema, ...tableKey].map((key) => key.AttributeName);
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  const holds = ProjectionType === 'ALL' ? 'ALL' : [...new Set([...keys, ...(ProjectionType === 'INCLUDE' ? NonKeyAttributes : [])])];
  return { name: index.IndexName, kind, keySchema: index.KeySchema, holds, space };
}

function describeIndex(arn: string, index: IndexDescription): IndexDescription {
  const { IndexName, KeySchema, Projection } = index;
  return { IndexName, KeySchema, Projection, IndexArn: `${arn}/index/${IndexName}` };
}

function throughput(given: Throughput | undefined): Throughput {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: Number(given?.ReadCapacityUnits ?? 0),
    WriteCapacityUnits: Number(given?.WriteCapacityUnits ?? 0),
  };
}
