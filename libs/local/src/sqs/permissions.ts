import type { Call, Permission } from '../kernel/call.ts';
import { redrivePolicyOf } from './queue.ts';
import type { Queues } from './queues.ts';

/** A batch needs the permission of its single operation: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
const single: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** What IAM has to allow for a call. */
export function permissionsOf(queues: Queues, { operation, input }: Call): Permission[] {
  const action = `sqs:${single[operation] ?? operation}`;
  if (operation === 'ListQueues') return [{ action, resource: '*' }];
  if (operation === 'StartMessageMoveTask') return moveTask(queues, action, input);
  if (operation.endsWith('MessageMoveTask') || operation.endsWith('MessageMoveTasks'))
    return [{ action, resource: String(input['SourceArn'] ?? '*') }];
  const name = String(input['QueueUrl'] ?? input['QueueName'] ?? '')
    .split('/')
    .at(-1)!;
  return [{ action, resource: queues.arnOf(name), resourcePolicy: queues.find(name)?.attributes['Policy'] }];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html */
function moveTask(queues: Queues, action: string, input: Record<string, unknown>): Permission[] {
  const source = String(input['SourceArn']);
  const destinations = input['DestinationArn']
    ? [String(input['DestinationArn'])]
    : [...queues.all()].filter((queue) => redrivePolicyOf(queue)?.deadLetterTargetArn === source).map(({ arn }) => arn);
  return [
    ...[action, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((each) => ({ action: each, resource: source })),
    ...destinations.map((resource) => ({ action: 'sqs:SendMessage', resource })),
  ];
}
