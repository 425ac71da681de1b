import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { type Sns, sns } from './aws/sns.ts';
import { variable, variableOf } from './environment.ts';
import { KitError } from './errors.ts';

/** Something that people or machines are told. */
export interface Notice {
  /** The line that a person sees first. What SNS does not take is replaced, and what is beyond 100 characters is left out. */
  readonly subject?: string;
  /** At most 256 KiB with the attributes, in UTF-8. */
  readonly message: string;
  /** What subscriptions filter by: letters, digits, `_`, `-` and `.` in the name; an empty text or list is left out. */
  readonly attributes?: Readonly<Record<string, string | number | readonly (string | number | boolean)[]>>;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const longestSubject = 100;
const mostBytes = 262_144;

/**
 * Tells everybody who subscribes to a topic of the service's own. It can be told twice: after a lost reply the SDK asks again.
 *
 * @param topic the logical id in `resources.yml`: `Notices` is found in `NOTICES_TOPIC`.
 * @returns the id of the message.
 * @throws {KitError} `NOTICE_INVALID` for a message that is empty or too large: nothing was sent.
 * @throws {AwsFailure} what SNS answered.
 */
export const notify = /* @__PURE__ */ notifier({ sns });

/** {@link notify} with its world handed in. */
export function notifier({ sns: api }: { readonly sns: Pick<Sns, 'publish'> }) {
  return async (topic: string, { subject, message, attributes = {} }: Notice): Promise<string> => {
    const MessageAttributes = toAttributes(attributes);
    const bytes = sizeOf(message, MessageAttributes);
    if (message === '') throw new KitError('NOTICE_INVALID', `A notice to ${topic} says nothing: give it a message`);
    if (bytes > mostBytes) {
      const what = `A notice to ${topic} has ${bytes} bytes, and at most ${mostBytes} are taken`;
      throw new KitError('NOTICE_INVALID', `${what}: put it into a bucket, and say where it is`);
    }
    const { MessageId = '' } = await api.publish({
      TopicArn: variable(variableOf(topic, 'TOPIC')),
      Message: message,
      Subject: toSubject(subject),
      ...(Object.keys(MessageAttributes).length > 0 && { MessageAttributes }),
    });
    return MessageId;
  };
}

/** ASCII on one line: `Crème brûlée` is `Creme brulee`, and what has no such form is a question mark. */
function toSubject(subject = ''): string | undefined {
  const plain = subject
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/gu, '?')
    .trim();
  return (plain.length > longestSubject ? `${plain.slice(0, longestSubject - 3)}...` : plain) || undefined;
}

function toAttributes(
  attributes: NonNullable<Notice['attributes']>,
): Record<string, MessageAttributeValue & { DataType: string; StringValue: string }> {
  const kept = Object.entries(attributes).filter(([, value]) => typeof value === 'number' || value.length > 0);
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value === 'string') return [name, { DataType: 'String', StringValue: value }];
      if (typeof value === 'number') return [name, { DataType: 'Number', StringValue: String(value) }];
      return [name, { DataType: 'String.Array', StringValue: JSON.stringify(value) }];
    }),
  );
}

/** As SNS counts: the message, and name, type and value of each attribute. */
function sizeOf(message: string, attributes: ReturnType<typeof toAttributes>): number {
  const texts = Object.entries(attributes).flatMap(([name, { DataType, StringValue }]) => [name, DataType, StringValue]);
  return [message, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
