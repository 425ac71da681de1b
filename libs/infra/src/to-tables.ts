import type { Resource, Resources, Value } from './cloudformation.ts';
import { resourceName } from './naming.ts';
import { usesInbox, usesOutbox } from './service.ts';
import type { Service } from './service.ts';

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
    TableName: resourceName(service.stage, service.name, id),
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
