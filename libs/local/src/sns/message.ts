import { AwsError } from '../kernel/aws-error.ts';
import { invalid, jsonOf, type MessageAttributes, type Notification } from './model.ts';

/** A message as Publish, or an entry of PublishBatch, asks for it. */
export interface PublishRequest {
  readonly Message?: unknown;
  readonly Subject?: unknown;
  readonly MessageStructure?: unknown;
  readonly MessageAttributes?: MessageAttributes | '' | undefined;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
}

/** 256 KiB, body and attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const maximumBytes = 262_144;
const maximumSubject = 100;

/**
 * Checks a message as SNS does.
 *
 * @throws {AwsError} `InvalidParameter`, `ParameterValueInvalid`.
 */
export function checkMessage(request: PublishRequest): Omit<Notification, 'messageId' | 'topicArn' | 'at' | 'traceHeader'> {
  const { Message, Subject, MessageStructure, MessageGroupId } = request;
  const attributes = request.MessageAttributes || {};
  if (typeof Message !== 'string' || Message === '') throw invalid('Empty message');
  if (request.MessageDeduplicationId !== undefined)
    throw invalid(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  checkSubject(Subject);
  checkAttributes(attributes);
  if (messageBytes(Message, attributes) > maximumBytes) throw invalid('Message too long');
  const perProtocol = MessageStructure === 'json' ? textsOf(Message) : undefined;
  if (MessageStructure !== undefined && !perProtocol) throw invalid('MessageStructure Reason: it is json, or is left out');
  return {
    subject: Subject as string | undefined,
    message: perProtocol?.['default'] ?? Message,
    perProtocol,
    attributes,
    groupId: MessageGroupId,
  };
}

/** Bytes as SNS counts them: the body, and name, type and value of each attribute. */
export function messageBytes(message: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(message),
  );
}

/** ASCII that begins with a letter, a digit or punctuation, without line breaks. */
function checkSubject(subject: unknown): void {
  if (subject === undefined) return;
  if (typeof subject !== 'string' || subject.length > maximumSubject || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject))
    throw invalid('Subject');
}

function checkAttributes(attributes: MessageAttributes): void {
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    const refuse = (reason: string): AwsError => new AwsError('ParameterValueInvalid', `The message attribute '${name}' ${reason}`);
    if (!/^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/.test(name) || /^(aws|amazon)\./i.test(name)) throw refuse('has an invalid name.');
    const kind = /^(String|Number|Binary)(\..+)?$/.exec(DataType ?? '')?.[1];
    if (!kind) throw refuse(`has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`);
    if (!(kind === 'Binary' ? BinaryValue : StringValue))
      throw refuse(`must contain non-empty message attribute value for message attribute type '${kind}'.`);
    if (kind === 'Number' && !Number.isFinite(Number(StringValue))) throw refuse('has a value that is no number.');
  }
}

/** @throws {AwsError} when there is no text for those who have none of their own. */
function textsOf(message: string): Readonly<Record<string, string>> {
  const texts = jsonOf('Message Structure', message);
  if (typeof texts['default'] !== 'string') throw invalid('Message Structure - No default entry in JSON message body');
  return Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
