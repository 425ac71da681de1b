import { allow, arn, getAtt, ref, sub } from './cloudformation.ts';
import type { Resource, Resources, Statement, Value } from './cloudformation.ts';
import { deadLetterQueueId, logGroupId, path, queueId, roleId } from './naming.ts';
import { apiIdParameter } from './parameters.ts';
import { hasQueue, publisherKey, readsStream, remembersRequests, usesInbox, usesOutbox } from './service.ts';
import type { CalledRoute, Service, ServiceFunction } from './service.ts';
import { streamArn } from './to-streams.ts';
import type { BucketRight, Recognition, TableRight } from './words.ts';

const tableActions: Readonly<Record<TableRight, readonly string[]>> = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  // TransactWriteItems has no action of its own: each of its parts needs the action that it stands for.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  scan: ['dynamodb:Scan'],
};

/** Who may list a bucket is told that an object is not there; who may not, that it is forbidden. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
const bucketActions: Readonly<Record<BucketRight, { readonly action: string; readonly on: 'bucket' | 'objects' }>> = {
  read: { action: 's3:GetObject', on: 'objects' },
  write: { action: 's3:PutObject', on: 'objects' },
  delete: { action: 's3:DeleteObject', on: 'objects' },
  list: { action: 's3:ListBucket', on: 'bucket' },
};

/** Rekognition has no resources to name for these. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrekognition.html */
const recognitionActions: Readonly<Record<Recognition, string>> = {
  faces: 'rekognition:DetectFaces',
  moderation: 'rekognition:DetectModerationLabels',
};

/** The role of one function: its own log group, traces, and what its events and its `access:` need. Nothing is shared. */
export function toRole(fn: ServiceFunction, service: Service): Resources {
  const role: Resource = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `${fn.name}-${service.region}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'access', PolicyDocument: { Version: '2012-10-17', Statement: toStatements(fn, service).map(toValue) } }],
    },
  };
  return { [roleId(fn.key)]: role };
}

/** What a function may do, and nothing else. */
export function toStatements(fn: ServiceFunction, service: Service): Statement[] {
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [getAtt(logGroupId(fn.key), 'Arn')]),
    // X-Ray has no resources to name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ...sources(fn),
    ...fn.access.tables.map(({ table, may }) => toTable(service.tables[table], table, may)),
    ...fn.access.buckets.flatMap(({ bucket, may }) => toBucket(getAtt(bucket, 'Arn'), sub(`\${${bucket}.Arn}/*`), may)),
    ...fn.access.foreignBuckets.flatMap(({ name, may }) => toBucket(bucketArn(name), bucketArn(`${name}/*`), may)),
    ...memory(fn),
    ...announcements(fn, service),
    ...calls(fn.access.calls, service),
    ...others(fn, service),
  ];
}

/** What Lambda needs to read the function's queue and streams, and to put aside what cannot be handled. */
function sources(fn: ServiceFunction): Statement[] {
  const statements: Statement[] = [];
  if (hasQueue(fn)) {
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'];
    statements.push(allow(actions, [getAtt(queueId(fn.key), 'Arn')]));
  }
  if (fn.streamRecords.length > 0) {
    const actions = [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ];
    statements.push(allow(actions, fn.streamRecords.map(streamArn)));
  }
  if (fn.tableChanges.length > 0) {
    const actions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
    statements.push(
      allow(
        actions,
        fn.tableChanges.map((table) => getAtt(table, 'StreamArn')),
      ),
    );
  }
  if (hasQueue(fn) || readsStream(fn)) statements.push(allow(['sqs:SendMessage'], [getAtt(deadLetterQueueId(fn.key), 'Arn')]));
  return statements;
}

function toTable(table: Resource | undefined, logicalId: string, may: readonly TableRight[]): Statement {
  const indexed = table?.Properties?.['GlobalSecondaryIndexes'] ?? table?.Properties?.['LocalSecondaryIndexes'];
  const indexes = indexed && may.some((right) => right !== 'write') ? [sub(`\${${logicalId}.Arn}/index/*`)] : [];
  return allow(
    may.flatMap((right) => tableActions[right]),
    [getAtt(logicalId, 'Arn'), ...indexes],
  );
}

const bucketArn = (path: string): Value => sub(`arn:\${AWS::Partition}:s3:::${path}`);

function toBucket(bucket: Value, objects: Value, may: readonly BucketRight[]): Statement[] {
  const actions = may.map((right) => bucketActions[right]);
  const statement = (on: 'bucket' | 'objects', resource: Value): Statement[] => {
    const allowed = actions.filter((one) => one.on === on).map(({ action }) => action);
    return allowed.length === 0 ? [] : [allow(allowed, [resource])];
  };
  return [...statement('bucket', bucket), ...statement('objects', objects)];
}

/** The inbox, the outbox, and the bus for the one function that publishes. */
function memory(fn: ServiceFunction): Statement[] {
  const statements: Statement[] = [];
  if (usesInbox(fn)) {
    statements.push(
      allow(remembersRequests(fn) ? ['dynamodb:PutItem', 'dynamodb:GetItem'] : ['dynamodb:PutItem'], [getAtt('Inbox', 'Arn')]),
    );
  }
  if (usesOutbox(fn)) statements.push(allow(['dynamodb:PutItem'], [getAtt('Outbox', 'Arn')]));
  if (fn.key === publisherKey) statements.push(allow(['events:PutEvents'], [arn('events', 'event-bus/${BusName}')]));
  return statements;
}

/** The bus that a standalone service was told of. */
function announcements(fn: ServiceFunction, { bus }: Service): Statement[] {
  return bus !== '' && fn.access.announces.length > 0 ? [allow(['events:PutEvents'], [arn('events', `event-bus/${bus}`)])] : [];
}

/** Exactly the called routes, and where their services are found. */
function calls(routes: readonly CalledRoute[], service: Service): Statement[] {
  if (routes.length === 0) return [];
  const signed = routes.filter(({ contract }) => contract.auth === 'iam');
  const callees = [...new Set(routes.map((route) => route.service))];
  return [
    ...(signed.length === 0 ? [] : [allow(['execute-api:Invoke'], signed.map(toRouteArn))]),
    allow(
      ['ssm:GetParameter'],
      callees.map((callee) => arn('ssm', `parameter${path(service.stage, `${callee}/api-url`)}`)),
    ),
  ];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html */
function toRouteArn({ service, contract }: CalledRoute): Value {
  const requestPath = contract.path.replace(/\{[^}]+\}/g, '*');
  return arn('execute-api', `\${${apiIdParameter(service)}}/$default/${contract.method}${requestPath}`);
}

function others({ access }: ServiceFunction, { stage }: Service): Statement[] {
  const statements: Statement[] = [];
  if (access.secrets.length > 0) {
    // Secrets Manager ends an ARN with six characters of its own.
    const secrets = access.secrets.map((secret) => arn('secretsmanager', `secret:${path(stage, secret)}-??????`));
    statements.push(allow(['secretsmanager:GetSecretValue'], secrets));
  }
  if (access.parameters.length > 0) {
    const parameters = access.parameters.map((parameter) => arn('ssm', `parameter${path(stage, parameter)}`));
    statements.push(allow(['ssm:GetParameter'], parameters));
  }
  if (access.sendsEmail) statements.push(allow(['ses:SendEmail'], [arn('ses', 'identity/*')]));
  if (access.topics.length > 0) statements.push(allow(['sns:Publish'], access.topics.map(ref)));
  if (access.produces.length > 0)
    statements.push(
      allow(
        ['kinesis:PutRecords'],
        access.produces.map((stream) => getAtt(stream, 'Arn')),
      ),
    );
  if (access.recognises.length > 0)
    statements.push(
      allow(
        access.recognises.map((recognition) => recognitionActions[recognition]),
        '*',
      ),
    );
  if (access.invalidates.length > 0) {
    const distributions = access.invalidates.map((id) =>
      sub(`arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${${id}}`),
    );
    statements.push(allow(['cloudfront:CreateInvalidation'], distributions));
  }
  return statements;
}

const toValue = (statement: Statement): Value => ({ ...statement });
