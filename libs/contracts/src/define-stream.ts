import { $ZodObjectJIT, safeParse } from 'zod/v4/core';
import * as z from 'zod/mini';
import { id, instant } from './common.ts';
import type { ObjectSchema } from './define-event.ts';

/** The schema of a type's events, with what every event of a stream has: who it is, and when it happened. */
export function withHead(type: string, schema: ObjectSchema): ObjectSchema {
  return z.extend(schema, { id, time: instant, type: z.literal(type) });
}

/** An event of a stream: a union that `type` tells apart. */
export type StreamEvent<Records extends Readonly<Record<string, ObjectSchema>>> = {
  [Type in keyof Records & string]: { readonly id: string; readonly time: string; readonly type: Type } & z.output<Records[Type]>;
}[keyof Records & string];

/** What a service promises to say, again and again: many small events, in order by key. Made by {@link defineStream}. */
export interface StreamContract<
  Name extends string = string,
  Records extends Readonly<Record<string, ObjectSchema>> = Readonly<Record<string, ObjectSchema>>,
> {
  readonly kind: 'stream';
  /** `<owner>.<Name>.v<version>`, for example `clickstream.PageEvents.v1`. */
  readonly name: Name;
  readonly owner: string;
  readonly description: string;
  /** The schema of each type of event, without `id`, `type` and `time`. */
  readonly records: Records;
  /** What keeps its order: events of one key are read as they were written. */
  readonly key: (event: StreamEvent<Records>) => string;
  /** What the stream is made for, at its busiest. */
  readonly expected: { readonly eventsPerSecond: number; readonly bytesPerEvent: number };
  readonly example: StreamEvent<Records>;
  /**
   * Checks an event. A field that is not known is no mistake, and is left out.
   *
   * @returns the event, or a sentence about the first thing that is wrong.
   */
  readonly check: (event: unknown) => { readonly event: StreamEvent<Records> } | { readonly problem: string };
}

/**
 * Declares a stream. A type that changes so that it would break a consumer gets a new name beside the old one.
 *
 * @throws {TypeError} when the name is not `<owner>.<Name>.v<n>`.
 */
export function defineStream<
  const Name extends `${string}.${string}.v${number}`,
  Records extends Readonly<Record<string, ObjectSchema>>,
>(contract: {
  name: Name;
  description: string;
  records: Records;
  key: (event: StreamEvent<Records>) => string;
  expected: { eventsPerSecond: number; bytesPerEvent: number };
  example: StreamEvent<Records>;
}): StreamContract<Name, Records> {
  const owner = /^([a-z][a-z0-9-]*)\.[A-Z][A-Za-z0-9]*\.v[1-9]\d*$/.exec(contract.name)?.[1];
  if (owner === undefined)
    throw new TypeError(`'${contract.name}' is no name of a stream: write '<owner>.<Name>.v<version>', as in 'clickstream.PageEvents.v1'`);
  const schemas = new Map(Object.entries(contract.records).map(([type, schema]) => [type, compiled(withHead(type, schema))]));
  const check: StreamContract<Name, Records>['check'] = (event) => {
    const { type } = (typeof event === 'object' && event !== null ? event : {}) as { type?: unknown };
    const schema = typeof type === 'string' ? schemas.get(type) : undefined;
    if (!schema) return { problem: 'has no type that the stream knows' };
    const parsed = safeParse(schema, event);
    if (parsed.success) return { event: parsed.data as unknown as StreamEvent<Records> };
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'has a wrong shape'}` };
  };
  return { kind: 'stream', owner, ...contract, check };
}

/** The same schema, compiled when it is first used: there are so many events that it halves what a check takes (`npm run bench -- streams`). `zod/mini` itself interprets. */
function compiled({ _zod }: ObjectSchema): ObjectSchema {
  return new $ZodObjectJIT(_zod.def) as unknown as ObjectSchema;
}
