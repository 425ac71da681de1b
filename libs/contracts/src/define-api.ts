import type * as z from 'zod/mini';
import type { ObjectSchema } from './define-event.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route, as the gateway checks it.
 * `public`: anyone · `jwt`: a signed-in person · `iam`: a service whose role allows it · `key`: the holder of an API key, checked by the handler.
 */
export type Auth = 'public' | 'jwt' | 'iam' | 'key';

/** An error that a route promises; anything it does not promise is a 500. */
export interface ErrorContract {
  readonly status: number;
  readonly description: string;
}

/** One question that a service answers. */
export interface RouteContract {
  readonly method: Method;
  /** Relative to the service, with `{name}` for parameters: `/` or `/products/{productId}`. */
  readonly path: string;
  readonly auth: Auth;
  readonly summary: string;
  /** `required`: the caller sends an `Idempotency-Key`, and the same key with the same body has one effect and one answer. */
  readonly idempotencyKey?: 'required';
  /** Asked twice, it does what it does once: a client may ask again when no answer came. GET needs no such word. */
  readonly idempotent?: true;
  readonly params?: ObjectSchema;
  /** Query values arrive as strings: declare numbers with a schema that reads them from text. */
  readonly query?: ObjectSchema;
  readonly body?: ObjectSchema;
  readonly success: {
    readonly status: number;
    readonly body: ObjectSchema;
    /** For people: the body is a `page` (common.ts), and goes out as HTML. Absent: JSON. A client of ours does not ask for pages. */
    readonly media?: 'text/html';
  };
  /** Keyed by code, in capitals: `UNKNOWN_PRODUCT`. */
  readonly errors?: Readonly<Record<string, ErrorContract>>;
  readonly example: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly response: unknown;
  };
}

export type Routes = Readonly<Record<string, RouteContract>>;

/** What a service promises to answer. Made by {@link defineApi}. */
export interface ApiContract<Service extends string = string, R extends Routes = Routes> {
  readonly kind: 'api';
  readonly service: Service;
  readonly description: string;
  readonly routes: R;
}

type Output<Schema> = Schema extends ObjectSchema ? z.output<Schema> : undefined;
type Input<Schema> = Schema extends ObjectSchema ? z.input<Schema> : undefined;

/** What a route's handler receives, after validation. */
export interface RouteInput<R extends RouteContract> {
  params: Output<R['params']>;
  query: Output<R['query']>;
  body: Output<R['body']>;
}

/** What a caller sends, before validation. */
export interface RouteRequest<R extends RouteContract> {
  params: Input<R['params']>;
  query: Input<R['query']>;
  body: Input<R['body']>;
}

/** What a route answers when all is well. */
export type RouteOutput<R extends RouteContract> = z.output<R['success']['body']>;

/** The codes of the errors that a route promises. */
export type RouteErrorCode<R extends RouteContract> =
  R['errors'] extends Readonly<Record<string, ErrorContract>> ? keyof R['errors'] & string : never;

/** Declares an API. Types, validation, gateway routes, OpenAPI and the client are derived from the result. */
export function defineApi<const Service extends string, const R extends Routes>(contract: {
  service: Service;
  description: string;
  routes: R;
}): ApiContract<Service, R> {
  return { kind: 'api', ...contract };
}
