import { type ApiContract, ApiError, type RouteContract, type RouteOutput, type RouteRequest, type Routes } from '@larder/contracts';
import { type Discover, discover } from './discovery.ts';
import { CallFailed } from './errors.ts';
import { type CircuitBreaker, createCircuitBreaker, createRetryBudget, type RetryBudget } from './guards.ts';
import { HttpFailure, type HttpReply, type HttpSend, http } from './http.ts';
import { current, timeLeft } from './invocation.ts';
import { realTiming, retrying, type Timing } from './retry.ts';
import { sign } from './sign.ts';

type Part<Name extends string, Schema, Value> = undefined extends Schema ? unknown : { readonly [Key in Name]: Value };

/** What a call of a route takes. */
export type CallOf<Route extends RouteContract> = Part<'params', Route['params'], RouteRequest<Route>['params']> &
  Part<'query', Route['query'], RouteRequest<Route>['query']> &
  Part<'body', Route['body'], RouteRequest<Route>['body']> &
  (Route['idempotencyKey'] extends 'required' ? { readonly idempotencyKey: string } : unknown);

/** A function for each route. */
export type Client<R extends Routes> = {
  readonly [Name in keyof R]: (
    ...request: Record<never, never> extends CallOf<R[Name]> ? [request?: CallOf<R[Name]>] : [request: CallOf<R[Name]>]
  ) => Promise<RouteOutput<R[Name]>>;
};

export interface ClientOptions {
  /** Further headers, such as an API key. */
  readonly headers?: () => Record<string, string> | Promise<Record<string, string>>;
  /** Milliseconds for one attempt, 3000 unless told. */
  readonly timeout?: number;
  /** Milliseconds for all attempts together, 8000 unless told. The caller's own remaining time, but 500 ms, limits it in any case. */
  readonly within?: number;
}

export interface ClientDependencies {
  readonly http: HttpSend;
  readonly discover: Discover;
  readonly timing: Timing;
  /** The wall clock: signatures. */
  readonly clock: () => Date;
}

/**
 * A typed client of another service. Routes with `auth: 'iam'` are signed with the function's own role; the address comes from the stage's registry; correlation and trace ids go along.
 *
 * Only what is safe to repeat is tried again (GET, with an idempotency key, or declared `idempotent` by the contract): after a broken connection, a timeout, 429 or 5xx, with full jitter, within a budget. A service that keeps failing is left alone
 * for some seconds.
 *
 * Each function throws `ApiError` for what the contract declares and {@link CallFailed} for anything else.
 */
export const client = /* @__PURE__ */ clients({ http, discover, timing: realTiming, clock: () => new Date() });

/** {@link client} with its world handed in. */
export function clients({ http, discover, timing, clock }: ClientDependencies) {
  const guards = new Map<string, { breaker: CircuitBreaker; budget: RetryBudget }>();
  return <Service extends string, R extends Routes>(api: ApiContract<Service, R>, options: ClientOptions = {}): Client<R> => {
    const guard = guards.get(api.service) ?? { breaker: createCircuitBreaker(timing), budget: createRetryBudget() };
    guards.set(api.service, guard);
    const { breaker, budget } = guard;

    const attempt = async (name: string, route: RouteContract, request: AnyCall, timeout: number): Promise<object> => {
      if (!breaker.permits())
        throw new CallFailed('CIRCUIT_OPEN', `${api.service} failed too often just now, and is not asked for some seconds`);
      let answered = false;
      try {
        const url = toUrl(await discover(api.service), route, request);
        const headers = await toHeaders(route, request, url, options, clock());
        const reply = await http({ method: route.method, url, headers, body: toBody(request), timeout, maxBytes: 6 * 1024 * 1024 });
        answered = reply.status < 500;
        return toOutput(api.service, name, route, reply);
      } catch (error) {
        // What the contract declares is an answer, whatever its status.
        answered ||= error instanceof ApiError;
        throw error instanceof HttpFailure ? toCallFailed(error, `${api.service}.${name}`) : error;
      } finally {
        breaker.report(answered ? 'succeeded' : 'failed');
      }
    };

    const call = async (name: string, route: RouteContract, request: AnyCall = {}): Promise<object> => {
      const safe = route.method === 'GET' || route.idempotent === true || request.idempotencyKey !== undefined;
      const within = timeLeft(options.within ?? 8000, 500);
      if (within === 0) throw new CallFailed('TIMED_OUT', `There is no time left to ask ${api.service}.${name}`);
      const retryable = (error: unknown): boolean => safe && isPassing(error) && budget.spend();
      const output = await retrying({ attempts: 3, base: 50, most: 1000, within, retryable }, timing, (left) =>
        attempt(name, route, request, Math.min(left, options.timeout ?? 3000)),
      );
      budget.earn();
      return output;
    };

    const functions = Object.entries(api.routes).map(([name, route]) => [name, (request?: AnyCall) => call(name, route, request)]);
    return Object.fromEntries(functions) as Client<R>;
  };
}

interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

function toUrl(base: string, route: RouteContract, { params = {}, query = {} }: AnyCall): URL {
  const path = route.path.replaceAll(/\{([^}+]+)\+?\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const url = new URL(base.replace(/\/$/, '') + (path === '/' ? '' : path));
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  // One spelling for what is signed and what is sent: a space is %20 in both.
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

function toBody({ body }: AnyCall): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

async function toHeaders(
  route: RouteContract,
  request: AnyCall,
  url: URL,
  options: ClientOptions,
  time: Date,
): Promise<Record<string, string>> {
  const body = toBody(request);
  const { correlationId, traceHeader } = current() ?? {};
  const headers: Record<string, string> = {
    accept: 'application/json, application/problem+json',
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...(request.idempotencyKey && { 'idempotency-key': request.idempotencyKey }),
    ...(correlationId && { 'x-correlation-id': correlationId }),
    ...(traceHeader && { 'x-amzn-trace-id': traceHeader }),
    ...(await options.headers?.()),
  };
  return route.auth === 'iam' ? sign({ method: route.method, url, headers, body, time }) : headers;
}

function toOutput(service: string, name: string, route: RouteContract, reply: HttpReply): object {
  const { status } = reply;
  const answer = readJson(reply.body);
  if (status === route.success.status) {
    const parsed = route.success.body.safeParse(answer);
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || '(all of it)');
    throw new CallFailed('UNEXPECTED_ANSWER', `${service}.${name} broke its contract in ${fields.slice(0, 10).join(', ')}`, { status });
  }
  const { code, detail } = (answer ?? {}) as { code?: unknown; detail?: unknown };
  if (typeof code === 'string' && route.errors && Object.hasOwn(route.errors, code) && route.errors[code]?.status === status) {
    throw new ApiError(code, status, typeof detail === 'string' ? detail : route.errors[code].description);
  }
  const said = typeof code === 'string' ? ` (${code.slice(0, 64)})` : '';
  if (status >= 500) throw new CallFailed('FAILED', `${service}.${name} failed with ${status}${said}`, { status });
  if (status >= 400) throw new CallFailed('REFUSED', `${service}.${name} refused with ${status}${said}`, { status });
  throw new CallFailed('UNEXPECTED_ANSWER', `${service}.${name} answered ${status}, which its contract does not have`, { status });
}

function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429;
  if (!(error instanceof CallFailed)) return false;
  return error.code === 'UNREACHABLE' || error.code === 'TIMED_OUT' || error.code === 'FAILED' || error.status === 429;
}

function toCallFailed(failure: HttpFailure, callee: string): CallFailed {
  const codes = { TIMEOUT: 'TIMED_OUT', NETWORK: 'UNREACHABLE', TOO_LARGE: 'UNEXPECTED_ANSWER' } as const;
  return new CallFailed(codes[failure.code], `${callee}: ${failure.message}`, { cause: failure });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
