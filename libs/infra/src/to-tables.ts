import { getAtt, ref } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetterQueueId, functionId, logicalPrefix, tableName } from './naming.ts';
import { publisherKey, usesInbox, usesOutbox } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

/** The tables of `resources.yml` with what every table gets, and the inbox and outbox where they are used. */
export function toTables(service: Service): Resources {
  const own = Object.entries(service.tables).map(([id, table]) => [id, toTable(id, table, service)]);
  return {
    ...(Object.fromEntries(own) as Resources),
    ...(service.functions.some(usesInbox) ? { Inbox: toTable('Inbox', inbox, service) } : {}),
    ...(service.functions.some(usesOutbox) ? { Outbox: toTable('Outbox', outbox, service) } : {}),
  };
}

const inbox: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  },
};

const outbox: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [
      { AttributeName: 'aggregate', AttributeType: 'S' },
      { AttributeName: 'commit', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'aggregate', KeyType: 'HASH' },
      { AttributeName: 'commit', KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  },
};

/** What a table says itself wins over what every table gets. */
function toTable(id: string, table: Resource, service: Service): Resource {
  const streamed = service.functions.some((fn) => fn.tableChanges.includes(id));
  const defaults: Record<string, Value> = {
    TableName: tableName(service.stage, service.name, id),
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    ...(service.production ? { DeletionProtectionEnabled: true } : {}),
    ...(streamed ? { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
  };
  const policy = service.production ? 'Retain' : 'Delete';
  return {
    DeletionPolicy: policy,
    UpdateReplacePolicy: policy,
    ...table,
    Properties: { ...defaults, ...table.Properties },
  };
}

/** From the streams of tables to a function that reads them. */
export function toStreamMappings(fn: ServiceFunction): Resources {
  const mappings = fn.tableChanges.map((table): [string, Resource] => [
    `${logicalPrefix(fn.key)}${table}Mapping`,
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: getAtt(table, 'StreamArn'),
        FunctionName: ref(functionId(fn.key)),
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        // Without these a record that cannot be handled stops its shard until it expires.
        // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
        MaximumRetryAttempts: 30,
        MaximumRecordAgeInSeconds: 6 * 60 * 60,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: getAtt(deadLetterQueueId(fn.key), 'Arn') } },
        // What expires in the outbox leaves it as a change too, and is of no interest.
        ...(fn.key === publisherKey ? { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }] } } : {}),
      },
    },
  ]);
  return Object.fromEntries(mappings);
}
