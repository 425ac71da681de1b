import type * as z from 'zod/mini';

/** A zod schema whose output is an object: the only payload an event, a body or a response may have. */
export type ObjectSchema = z.ZodMiniObject;

/** What a service promises to say when something has happened. Made by {@link defineEvent}. */
export interface EventContract<Type extends string = string, Data extends ObjectSchema = ObjectSchema> {
  readonly kind: 'event';
  /** Name, unique in the company: `<owner>.<Name>.v<version>`, for example `orders.OrderPlaced.v1`. */
  readonly type: Type;
  /** The service that alone may publish it. */
  readonly owner: string;
  /** EventBridge `source`: `larder.<owner>`. */
  readonly source: string;
  /** EventBridge `detail-type`: `<Name>.v<version>`. */
  readonly detailType: string;
  readonly description: string;
  /** Schema of `data`. The publisher validates strictly, the subscriber lets unknown fields pass. */
  readonly data: Data;
  /** The aggregate that the event is about: events of one subject are published in order. */
  readonly subject: (data: z.output<Data>) => string;
  /** An example that satisfies the schema; documentation and tests use it. */
  readonly example: z.output<Data>;
}

/** The payload of an event contract. */
export type EventData<Contract extends EventContract> = z.output<Contract['data']>;

/**
 * Declares an event. Types, validation, EventBridge rules and AsyncAPI are derived from the result.
 *
 * @throws {TypeError} when the type is not `<owner>.<Name>.v<n>`.
 */
export function defineEvent<const Type extends `${string}.${string}.v${number}`, Data extends ObjectSchema>(contract: {
  type: Type;
  description: string;
  data: Data;
  subject: (data: z.output<Data>) => string;
  example: z.output<Data>;
}): EventContract<Type, Data> {
  const match = /^([a-z][a-z0-9-]*)\.([A-Z][A-Za-z0-9]*\.v[1-9]\d*)$/.exec(contract.type);
  if (!match) {
    throw new TypeError(`'${contract.type}' is no event type: write '<owner>.<Name>.v<version>', as in 'orders.OrderPlaced.v1'`);
  }
  const [, owner, detailType] = match as unknown as [string, string, string];
  return { kind: 'event', owner, source: `larder.${owner}`, detailType, ...contract };
}
