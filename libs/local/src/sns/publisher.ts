import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { ServicePrincipal } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort } from '../kernel/ports.ts';
import type { State } from '../kernel/state.ts';
import { scopeOf } from './attributes.ts';
import type { Deliveries } from './deliveries.ts';
import { compileFilter, type Filter } from './filter-policy.ts';
import { checkMessage, type PublishRequest } from './message.ts';
import type { Subscription, Topic } from './model.ts';
import { policyOf } from './policy.ts';
import type { Registry } from './registry.ts';

export interface Publisher {
  /**
   * Takes a message: when this returns it is on disk with all its deliveries.
   *
   * @returns its id. @throws {AwsError} `NotFound`, `InvalidParameter`, `ParameterValueInvalid`.
   */
  publish(topicArn: string, request: PublishRequest, traceHeader: string | undefined): string;
  /** @throws {AwsError} `AuthorizationError` when the topic's policy does not admit a service. */
  admit(topicArn: string, principal: ServicePrincipal): void;
  /** Asks the endpoint of a subscription whether it wants messages. */
  askToConfirm(subscription: Subscription): void;
}

export function createPublisher(
  kernel: Kernel,
  state: State,
  { registry, deliveries, iam }: { registry: Registry; deliveries: Deliveries; iam: Pick<IamPort, 'admits'> },
): Publisher {
  const filters = new WeakMap<Subscription, Filter>();
  const filterOf = (subscription: Subscription): Filter => {
    let filter = filters.get(subscription);
    if (!filter) {
      const { FilterPolicy } = subscription.attributes;
      filter = FilterPolicy === undefined ? () => true : compileFilter(FilterPolicy, scopeOf(subscription.attributes));
      filters.set(subscription, filter);
    }
    return filter;
  };

  return {
    publish: (topicArn, request, traceHeader) => {
      registry.topic(topicArn);
      const message = checkMessage(request);
      const notification = { ...message, messageId: randomUUID(), topicArn, traceHeader, at: kernel.now() };
      const wanted = registry
        .subscriptionsOf(topicArn)
        .filter((subscription) => subscription.token === undefined && filterOf(subscription)(message));
      state.transaction(() => deliveries.enqueue(notification, wanted));
      // After whatever transaction this is part of.
      queueMicrotask(deliveries.wake);
      return notification.messageId;
    },
    admit: (topicArn, principal) => {
      const topic: Topic = registry.topic(topicArn);
      if (iam.admits(policyOf(topic), principal, 'sns:Publish', topicArn)) return;
      const message = `${principal.service} is not authorized to perform: SNS:Publish on resource: ${topicArn}: its policy does not admit ${principal.sourceArn}`;
      throw new AwsError('AuthorizationError', message, 403);
    },
    askToConfirm: (subscription) => {
      const { topicArn } = subscription;
      const question = { messageId: randomUUID(), topicArn, message: '', attributes: {}, at: kernel.now() };
      state.transaction(() => deliveries.enqueue(question, [subscription]));
      queueMicrotask(deliveries.wake);
    },
  };
}
