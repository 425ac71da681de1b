import type { Topic } from './model.ts';

/** The policy of a topic, as JSON text: that which it was given, or that which AWS gives every topic. */
export function policyOf({ arn, attributes }: Topic): string {
  return attributes['Policy'] ?? defaultPolicy(arn);
}

/**
 * Lets the account do what one does with a topic. No service is admitted by it but those that act for a resource of the account and
 * say so in the old `AWS:SourceOwner`.
 */
function defaultPolicy(arn: string): string {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic', 'Subscribe'];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Effect: 'Allow',
        Sid: '__default_statement_ID',
        Principal: { AWS: '*' },
        Action: [...actions, 'ListSubscriptionsByTopic', 'Publish'].map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': arn.split(':')[4] } },
      },
    ],
  });
}
