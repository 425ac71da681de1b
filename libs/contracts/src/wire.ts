import type * as z from 'zod/mini';
import { ContractViolation, type FieldProblem, fieldProblems, toPointer } from './contract-violation.ts';
import type { ObjectSchema } from './define-event.ts';

/** What encoding and decoding need of an event contract, whatever its payload. Every `EventContract` is one. */
export interface AnyEventContract {
  readonly kind: 'event';
  readonly type: string;
  readonly owner: string;
  readonly source: string;
  readonly detailType: string;
  readonly data: ObjectSchema;
  readonly subject: (data: never) => string;
}

/**
 * The `detail` of an event on the bus: a CloudEvents 1.0 envelope in JSON, with the distributed tracing extension and two of our own.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface Envelope {
  readonly specversion: '1.0';
  /** Unique for the source. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** When it happened: RFC 3339. */
  readonly time: string;
  /** The aggregate that it is about. */
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** The same for everything that one request set in motion. */
  readonly correlationid: string;
  /** The id of the event or request that this one follows from. */
  readonly causationid: string;
  readonly data: object;
}

/** An entry of EventBridge's PutEvents, without its bus. */
export interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  /** JSON of an {@link Envelope}. */
  readonly Detail: string;
}

/** An event that is to be published. */
export interface Occurrence<Data> {
  readonly id: string;
  readonly time: Date;
  readonly data: Data;
  /** The aggregate; the contract says which when absent. */
  readonly subject?: string | undefined;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
}

/** An event as a subscriber sees it: a union that `type` tells apart when there are several contracts. */
export type ReceivedEvent<Contract extends AnyEventContract> = Contract extends AnyEventContract
  ? {
      readonly id: string;
      readonly type: Contract['type'];
      readonly time: Date;
      readonly subject: string;
      readonly correlationId: string;
      readonly causationId: string;
      readonly traceparent: string | undefined;
      readonly data: z.output<Contract['data']>;
    }
  : never;

/**
 * Writes an event for the bus. The producer is strict: a field that the contract does not know, at any depth, is refused,
 * because what is once published is relied upon.
 *
 * @throws {ContractViolation} `BREAKS_CONTRACT` or `UNKNOWN_FIELDS`, with every wrong field.
 */
export function encode<Contract extends AnyEventContract>(contract: Contract, event: Occurrence<z.output<Contract['data']>>): Entry {
  const parsed = contract.data.safeParse(event.data);
  if (!parsed.success) {
    throw new ContractViolation('BREAKS_CONTRACT', `This is no ${contract.type}`, fieldProblems(parsed.error.issues));
  }
  const unknown = unknownFields(event.data, parsed.data);
  if (unknown.length > 0)
    throw new ContractViolation('UNKNOWN_FIELDS', `${contract.type} has no such fields: add them to the contract`, unknown);
  const envelope: Envelope = {
    specversion: '1.0',
    id: event.id,
    source: contract.source,
    type: contract.type,
    time: event.time.toISOString(),
    subject: event.subject ?? contract.subject(parsed.data as never),
    datacontenttype: 'application/json',
    traceparent: event.traceparent,
    correlationid: event.correlationId,
    causationid: event.causationId,
    data: parsed.data,
  };
  return { Source: contract.source, DetailType: contract.detailType, Detail: JSON.stringify(envelope) };
}

/**
 * Reads an event as EventBridge delivers it: `{source, 'detail-type', detail}`. The consumer is tolerant: a field that the contract does not know passes,
 * and is not handed on.
 *
 * @param contracts those that the subscriber asked for.
 * @throws {ContractViolation} with a code that says what kind of breach it is.
 */
export function decode<const Contract extends AnyEventContract>(contracts: readonly Contract[], event: unknown): ReceivedEvent<Contract> {
  if (!isObject(event) || !isObject(event.detail))
    throw new ContractViolation('NOT_AN_ENVELOPE', 'This is no event of EventBridge with a detail');
  const { detail } = event;
  const contract = contracts.find((known) => known.type === detail.type);
  if (!contract || event.source !== contract.source || event['detail-type'] !== contract.detailType) {
    throw new ContractViolation(
      'UNKNOWN_EVENT',
      `No contract of this subscriber is ${name(event.source)} ${name(event['detail-type'])} ${name(detail.type)}`,
    );
  }
  const time = typeof detail.time === 'string' ? new Date(detail.time) : undefined;
  if (detail.specversion !== '1.0' || !isName(detail.id) || !isName(detail.subject) || !time || Number.isNaN(time.getTime())) {
    throw new ContractViolation(
      'NOT_AN_ENVELOPE',
      'The detail is no CloudEvents 1.0 envelope: it needs specversion, id, type, time and subject',
    );
  }
  const parsed = contract.data.safeParse(detail.data);
  if (!parsed.success) {
    throw new ContractViolation('BREAKS_CONTRACT', `This is no ${contract.type}`, fieldProblems(parsed.error.issues, '/data'));
  }
  return {
    id: detail.id,
    type: contract.type,
    time,
    subject: detail.subject,
    correlationId: isName(detail.correlationid) ? detail.correlationid : detail.id,
    causationId: isName(detail.causationid) ? detail.causationid : detail.id,
    traceparent: isName(detail.traceparent) ? detail.traceparent : undefined,
    data: parsed.data,
  } as ReceivedEvent<Contract>;
}

/** The fields of what was given that its schema did not keep. Both have the same shape, because the payload of an event is never transformed. */
function unknownFields(given: unknown, kept: unknown, path: readonly PropertyKey[] = []): FieldProblem[] {
  if (Array.isArray(given) && Array.isArray(kept))
    return given.flatMap((item, index) => unknownFields(item, kept[index], [...path, index]));
  if (!isObject(given) || !isObject(kept)) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const at = [...path, key];
    return Object.hasOwn(kept, key) ? unknownFields(value, kept[key], at) : [{ pointer: toPointer(at), message: 'is not in the contract' }];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id, a subject: text of a bounded length. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256;
}

function name(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : '(none)';
}
