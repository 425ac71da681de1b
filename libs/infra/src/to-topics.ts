import { ref } from './cloudformation.ts';
import type { Resource, Resources } from './cloudformation.ts';
import { resourceName } from './naming.ts';
import type { Service } from './service.ts';

/**
 * The topics of `resources.yml` that functions publish to, with what such a topic gets. Others stay as they are written: alarms, rules and
 * buckets cannot publish to a topic that is encrypted with the account's own key.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function toTopics(service: Service): Resources {
  const published = [...new Set(service.functions.flatMap(({ access }) => access.topics))];
  const topics = published.flatMap((id): [string, Resource][] => {
    const topic = service.topics[id];
    return topic ? [[id, toTopic(id, topic, service)]] : [];
  });
  const policies = published
    .filter((id) => !service.topicsWithPolicy.includes(id))
    .map((id): [string, Resource] => [`${id}TopicPolicy`, toPolicy(id)]);
  return Object.fromEntries([...topics, ...policies]);
}

/** What a topic says itself wins. */
function toTopic(id: string, topic: Resource, { name, stage }: Service): Resource {
  const defaults = { TopicName: resourceName(stage, name, id), KmsMasterKeyId: 'alias/aws/sns' };
  return { ...topic, Properties: { ...defaults, ...topic.Properties } };
}

/** In the place of the policy that every topic has: nobody is let in by it, so that roles decide alone, and nothing comes unencrypted. */
function toPolicy(topic: string): Resource {
  return {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref(topic)],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OverTlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: ref(topic),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
}
