import { type Message, ReceiveMessageCommand, SQSClient, CreateQueueCommand } from '@aws-sdk/client-sqs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createIam } from '../iam/iam.ts';
import type { InvokeRequest, LambdaPort, MailPort } from '../kernel/ports.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { testEndpoint } from '../testing/endpoint.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createSns, type Sns } from './sns.ts';

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const topicArn = (name: string): string => `arn:aws:sns:us-east-1:000000000000:${name}`;
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export interface TestSns {
  readonly kernel: TestKernel;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly client: SNSClient;
  readonly invoked: InvokeRequest[];
  readonly mails: Parameters<MailPort['deliver']>[0][];
  /** What functions answer with instead. */
  failing: Error | undefined;
  topic(name: string): Promise<string>;
  /** A queue that admits topics. */
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  subscribe(topic: string, protocol: string, endpoint: string, attributes?: Record<string, string>): Promise<string>;
  receive(queue: string): Promise<Message[]>;
  apply(type: string, logicalId: string, properties: object): Promise<string>;
  remove(type: string, physicalId: string): Promise<void>;
  /** Lets time pass, and what is due then be given. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Topics and queues as AWS's own clients see them, and functions and a mailbox that the test sees. */
export async function testSns(stateDirectory?: string): Promise<TestSns> {
  const kernel = testKernel({ stateDirectory });
  const { iam } = await createIam(kernel);
  const sqs = await createSqs(kernel, { iam });
  const invoked: InvokeRequest[] = [];
  const mails: TestSns['mails'] = [];
  const lambda: LambdaPort = {
    invoke: async (request) => {
      if (test.failing) throw test.failing;
      invoked.push(request);
      return { status: 202, payload: '' };
    },
  };
  const mail: MailPort = { deliver: (each) => void mails.push(each) };
  const sns = await createSns(kernel, { lambda: () => lambda, queues: sqs.queues, mail, iam, random: () => 1 });
  const endpoints = [await testEndpoint(sns.services), await testEndpoint(sqs.services)] as const;
  const client = new SNSClient(endpoints[0].client);
  const queues = new SQSClient(endpoints[1].client);
  const urlOf = (name: string): string => `http://localhost:4566/000000000000/${name}`;
  const typeOf = (type: string) => sns.resourceTypes.find((each) => each.type === type)!;

  const test: TestSns = {
    kernel,
    sns,
    sqs,
    client,
    invoked,
    mails,
    failing: undefined,
    topic: async (name) => (await client.send(new CreateTopicCommand({ Name: name }))).TopicArn!,
    queue: async (name, attributes = {}) => {
      await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy: admitting(queueArn(name)), ...attributes } }));
      return queueArn(name);
    },
    subscribe: async (TopicArn, Protocol, Endpoint, Attributes = {}) => {
      const given = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
      return (await client.send(new SubscribeCommand(given))).SubscriptionArn!;
    },
    receive: async (arn) => {
      await sns.settled();
      const options = { MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] };
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl: urlOf(arn.split(':').at(-1)!), ...options }));
      return Messages;
    },
    apply: async (type, logicalId, properties) => {
      const request = {
        logicalId,
        properties: properties as Record<string, unknown>,
        stackName: 'lake',
        service: 'lake',
        packageDirectory: '',
      };
      return (await typeOf(type).apply(request)).physicalId;
    },
    remove: (type, physicalId) => typeOf(type).remove(physicalId),
    advance: async (ms) => {
      await sns.settled();
      kernel.time += ms;
      await sns.settled();
    },
    close: async () => {
      client.destroy();
      queues.destroy();
      for (const endpoint of endpoints) await endpoint.close();
      await sns.close();
      await sqs.close();
    },
  };
  return test;
}

/** Lets topics of the account send to a queue. */
export function admitting(resource: string): string {
  const Statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: resource };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...Statement, Condition: { ArnLike: { 'aws:SourceArn': topicArn('*') } } }],
  });
}
