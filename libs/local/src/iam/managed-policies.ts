/**
 * The managed policies that functions are commonly given, by name: what of them matters to a function that runs here.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function managedPolicy(arn: string): object | undefined {
  const name = /^arn:aws[\w-]*:iam::aws:policy\/(?:service-role\/|job-function\/)?([\w+=,.@-]+)$/.exec(arn)?.[1];
  const actions = name === undefined ? undefined : POLICIES.get(name);
  return actions && { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const STREAM_OF_A_TABLE = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
const STREAM = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
  'kinesis:ListStreams',
  'kinesis:SubscribeToShard',
];
const TRACES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];

const POLICIES = new Map<string, readonly string[]>([
  ['AWSLambdaBasicExecutionRole', LOGS],
  ['AWSLambdaVPCAccessExecutionRole', [...LOGS, ...NETWORK]],
  ['AWSLambdaDynamoDBExecutionRole', [...LOGS, ...STREAM_OF_A_TABLE]],
  ['AWSLambdaSQSQueueExecutionRole', [...LOGS, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']],
  ['AWSLambdaKinesisExecutionRole', [...LOGS, ...STREAM]],
  ['AWSLambdaRole', ['lambda:InvokeFunction']],
  ['AWSXRayDaemonWriteAccess', TRACES],
  ['AWSXrayWriteOnlyAccess', TRACES],
  ['CloudWatchLambdaInsightsExecutionRolePolicy', LOGS],
  ['CloudWatchLambdaApplicationSignalsExecutionRolePolicy', ['xray:PutTraceSegments', ...LOGS]],
  ['AdministratorAccess', ['*']],
  ['AmazonDynamoDBFullAccess', ['dynamodb:*']],
  [
    'AmazonDynamoDBReadOnlyAccess',
    [
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:Describe*',
      'dynamodb:GetItem',
      'dynamodb:List*',
      'dynamodb:PartiQLSelect',
      'dynamodb:Query',
      'dynamodb:Scan',
    ],
  ],
  ['AmazonSQSFullAccess', ['sqs:*']],
  ['AmazonEventBridgeFullAccess', ['events:*', 'schemas:*', 'scheduler:*', 'pipes:*']],
  ['AmazonSSMReadOnlyAccess', ['ssm:Describe*', 'ssm:Get*', 'ssm:List*']],
  ['AmazonSSMFullAccess', ['ssm:*']],
  ['SecretsManagerReadWrite', ['secretsmanager:*']],
  ['AmazonSESFullAccess', ['ses:*']],
  ['AWSLambda_FullAccess', ['lambda:*']],
]);
