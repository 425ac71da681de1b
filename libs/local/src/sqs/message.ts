import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';

export interface AttributeValue {
  DataType: string;
  StringValue?: string;
  /** Base64. */
  BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, AttributeValue>>;

/** A message that may be stored: checked, with what the queue adds to it. */
export interface NewMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string | undefined;
  readonly delayMs: number;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** 1 MiB, body and attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const maximumBytes = 1_048_576;
/** What XML 1.0 can carry, characters beyond the basic plane included. */
const allowed = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/** Bytes as SQS counts them: the body, and name, type and value of each attribute. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType = '', StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    bytes +=
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

/** @throws {AwsError} when a body or attributes cannot be sent. */
export function checkContents(body: unknown, attributes: MessageAttributes): asserts body is string {
  if (typeof body !== 'string' || body === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  if (!allowed.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid are #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF.',
    );
  }
  const names = Object.keys(attributes);
  if (names.length > 10) throw new AwsError('InvalidParameterValue', 'A message has at most 10 attributes.');
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    const kind = /^(String|Number|Binary)(\..+)?$/.exec(DataType ?? '')?.[1];
    if (!kind) throw new AwsError('InvalidParameterValue', `The type of the message attribute '${name}' is String, Number or Binary.`);
    if ((kind === 'Binary' ? BinaryValue : StringValue) === undefined) {
      throw new AwsError('InvalidParameterValue', `The message attribute '${name}' must contain a value of its type.`);
    }
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue = '', BinaryValue = '' } = attributes[name]!;
    const binary = DataType.startsWith('Binary');
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(BinaryValue, 'base64') : Buffer.from(StringValue));
  }
  return hash.digest('hex');
}
