import { deadLetterQueueName } from './naming.ts';
import type { ServiceFunction } from './service.ts';

/** A CloudWatch metric that AWS keeps without being asked. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Name and value; `${…}` in the value is replaced by CloudFormation. */
  readonly dimension: readonly [name: string, value: string];
}

export const ofFunction = (fn: ServiceFunction, name: string): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimension: ['FunctionName', fn.name],
});

const ofQueue = (queue: string, name: string): Metric => ({ namespace: 'AWS/SQS', name, dimension: ['QueueName', queue] });

/** How many messages wait for a subscriber. */
export const waiting = (fn: ServiceFunction): Metric => ofQueue(fn.name, 'ApproximateNumberOfMessagesVisible');

/** For how many seconds the oldest of them has waited. */
export const oldest = (fn: ServiceFunction): Metric => ofQueue(fn.name, 'ApproximateAgeOfOldestMessage');

export const deadLetters = (fn: ServiceFunction): Metric => ofQueue(deadLetterQueueName(fn.name), 'ApproximateNumberOfMessagesVisible');

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export const ofApi = (name: string): Metric => ({ namespace: 'AWS/ApiGateway', name, dimension: ['ApiId', '${HttpApi}'] });
