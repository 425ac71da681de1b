import { AwsError } from '../kernel/aws-error.ts';
import type { PlainRoute } from '../endpoint/endpoint.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort, LambdaPort, MailPort, QueuePort, TopicPort } from '../kernel/ports.ts';
import { queryService } from '../kernel/query-api.ts';
import { openState } from '../kernel/state.ts';
import { createDeliveries } from './deliveries.ts';
import type { Links } from './envelope.ts';
import { snsOperations } from './operations.ts';
import { createPublisher } from './publisher.ts';
import { createRegistry, type Registry } from './registry.ts';
import { resourceTypes } from './resources.ts';
import { createSend } from './send.ts';

export interface SnsDependencies {
  readonly lambda: () => LambdaPort;
  readonly queues: Pick<QueuePort, 'send'>;
  readonly mail: MailPort;
  readonly iam: Pick<IamPort, 'admits'>;
  /** From 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
}

export interface Sns extends Engine {
  readonly topics: TopicPort;
  /** What the links in messages lead to. */
  readonly routes: readonly PlainRoute[];
  /** Resolves when every delivery that is due was tried. */
  settled(): Promise<void>;
}

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';
const linkPath = '/_aws/sns';

/** SNS: standard topics, subscriptions with filters and dead-letter queues, and deliveries that outlive the process. State in `<stateDirectory>/sns.sqlite`. */
export async function createSns(kernel: Kernel, { lambda, queues, mail, iam, random = Math.random }: SnsDependencies): Promise<Sns> {
  const state = openState(kernel.stateDirectory, 'sns');
  const registry = createRegistry(kernel, state);
  const links = linksOf(kernel);
  const send = createSend({ lambda, queues, mail, links });
  const deliveries = createDeliveries(kernel, state, { registry, send, queues, links, random });
  const publisher = createPublisher(kernel, state, { registry, deliveries, iam });
  const policies = state.documents<readonly string[]>('policy');
  // What waited when the cloud ended.
  queueMicrotask(deliveries.wake);

  return {
    services: [queryService({ signingName: 'sns', namespace, deniedCode: 'AuthorizationError' }, snsOperations(registry, publisher))],
    resourceTypes: resourceTypes({ kernel, registry, publisher, policies }),
    topics: {
      publish: async (topicArn, { message, subject, traceHeader }, principal) => {
        if (principal) publisher.admit(topicArn, principal);
        return publisher.publish(topicArn, { Message: message, Subject: subject }, traceHeader);
      },
      describe: (topicArn) =>
        registry.findTopic(topicArn) && {
          subscriptions: registry.subscriptionsOf(topicArn).length,
          waiting: deliveries.waiting(topicArn),
        },
    },
    routes: [linkRoute(registry)],
    settled: deliveries.settled,
    close: async () => {
      await deliveries.close();
      state.close();
    },
  };
}

function linksOf(kernel: Pick<Kernel, 'endpointUrl'>): Links {
  const link = (query: Record<string, string>): string => `${kernel.endpointUrl}${linkPath}?${new URLSearchParams(query).toString()}`;
  return {
    confirm: (TopicArn, Token) => link({ Action: 'ConfirmSubscription', TopicArn, Token }),
    unsubscribe: (SubscriptionArn) => link({ Action: 'Unsubscribe', SubscriptionArn }),
  };
}

/** Whoever has the link may follow it. */
function linkRoute(registry: Registry): PlainRoute {
  return {
    method: 'GET',
    path: linkPath,
    handle: ({ query }) => {
      const given = (name: string): string => query.get(name) ?? '';
      switch (given('Action')) {
        case 'ConfirmSubscription':
          return plain(`Subscription confirmed: ${registry.confirm(given('TopicArn'), given('Token')).arn}`);
        case 'Unsubscribe':
          registry.unsubscribe(given('SubscriptionArn'));
          return plain('Unsubscribed.');
        default:
          throw new AwsError('InvalidAction', 'This link confirms a subscription or ends one.');
      }
    },
  };
}

function plain(body: string): { status: number; headers: Record<string, string>; body: string } {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
