import { AwsError } from '../kernel/aws-error.ts';

/** What a task does, from its `Resource`. */
export type TaskKind =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'invoke'; readonly token: boolean }
  | {
      readonly kind: 'call';
      readonly service: TaskService;
      readonly operation: string;
      readonly optimised: boolean;
      readonly token: boolean;
    };

/** An API that tasks can call. */
export interface TaskService {
  /** What errors begin with: `DynamoDb` of `DynamoDb.ConditionalCheckFailedException`. */
  readonly errors: string;
  /** Of the `arn:aws:states:::<name>:<operation>` integrations, where it is another. */
  readonly optimisedErrors?: string;
  /** Name in the SigV4 scope, and in IAM's actions. */
  readonly signingName: string;
  /** What stands before the dot in `X-Amz-Target`, for an API that the laptop cloud does not answer itself. */
  readonly target?: string;
  /** Its members begin with a small letter: a task writes and reads them with a capital. */
  readonly camelCase?: true;
}

const services: Readonly<Record<string, TaskService>> = {
  dynamodb: { errors: 'DynamoDb', optimisedErrors: 'DynamoDB', signingName: 'dynamodb' },
  eventbridge: { errors: 'EventBridge', signingName: 'events' },
  events: { errors: 'EventBridge', signingName: 'events' },
  kinesis: { errors: 'Kinesis', signingName: 'kinesis' },
  redshiftdata: { errors: 'RedshiftData', signingName: 'redshift-data', target: 'RedshiftData' },
  redshiftserverless: { errors: 'RedshiftServerless', signingName: 'redshift-serverless', target: 'RedshiftServerless', camelCase: true },
  secretsmanager: { errors: 'SecretsManager', signingName: 'secretsmanager' },
  sfn: { errors: 'Sfn', signingName: 'states', camelCase: true },
  sns: { errors: 'Sns', optimisedErrors: 'SNS', signingName: 'sns' },
  sqs: { errors: 'Sqs', optimisedErrors: 'SQS', signingName: 'sqs' },
  ssm: { errors: 'Ssm', signingName: 'ssm' },
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html: those of them that run here. */
const optimised = new Set([
  'dynamodb:getItem',
  'dynamodb:putItem',
  'dynamodb:updateItem',
  'dynamodb:deleteItem',
  'sns:publish',
  'sqs:sendMessage',
  'events:putEvents',
]);
const withToken = new Set(['sns:publish', 'sqs:sendMessage', 'events:putEvents']);

/** @throws {AwsError} `InvalidDefinition` for what does not run here. */
export function checkResource(state: string, resource: string): void {
  if (taskOf(resource)) return;
  throw new AwsError(
    'InvalidDefinition',
    `Invalid State Machine Definition: the laptop cloud runs no task with the Resource ${resource} (state ${state}). It runs functions, lambda:invoke, ` +
      `${[...optimised].join(', ')}, and aws-sdk:<service>:<operation> of ${Object.keys(services).join(', ')}.`,
  );
}

/** What a task does; undefined for what does not run here. */
export function taskOf(resource: string): TaskKind | undefined {
  if (/^arn:aws:lambda:[^:]+:\d{12}:function:/.test(resource)) return { kind: 'function', arn: resource };
  const [, name, suffix] = /^arn:aws:states:::([^.]+)(\..+)?$/.exec(resource) ?? [];
  const token = suffix === '.waitForTaskToken';
  if (name === undefined || (suffix !== undefined && !token)) return undefined;
  if (name === 'lambda:invoke') return { kind: 'invoke', token };
  const [first = '', second = '', third] = name.split(':');
  if (first === 'aws-sdk' && third !== undefined && services[second]) return call(services[second], third, false, token);
  if (!optimised.has(name) || (token && !withToken.has(name))) return undefined;
  return call(services[first]!, second, true, token);
}

function call(service: TaskService, operation: string, isOptimised: boolean, token: boolean): TaskKind {
  return { kind: 'call', service, operation: capital(operation), optimised: isOptimised, token };
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
