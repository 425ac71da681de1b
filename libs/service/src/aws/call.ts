import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, HttpHandlerOptions, Pluggable } from '@smithy/types';
import { optionalVariable, variable } from '../environment.ts';
import { current, timeLeft } from '../invocation.ts';
import { toAwsFailure } from './failure.ts';

export interface CallOptions {
  /** Milliseconds for everything, attempts and waits, 10,000 unless told. The invocation's end limits it in any case. */
  readonly within?: number;
}

/**
 * One operation of an AWS API: the seam at which tests put a fake. Input and answer are those of the API reference.
 *
 * @throws {AwsFailure} with the exception's name as `awsCode`.
 */
export type Operation<Input, Output> = (input: Input, options?: CallOptions) => Promise<Output>;

/** Makes a call with the client of a service, and ends it before the invocation ends. What the SDK throws becomes an `AwsFailure`. */
export async function call<Output>(
  send: (options: HttpHandlerOptions) => Promise<Output>,
  { within = 10_000 }: CallOptions = {},
): Promise<Output> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeLeft(within, 100));
  try {
    return await send({ abortSignal: deadline.signal });
  } catch (error) {
    throw toAwsFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** One client for the life of the environment, made when it is first needed. */
export function lazily<Client>(connect: () => Client): () => Client {
  let client: Client | undefined;
  return () => (client ??= connect());
}

/** The function's own credentials, which Lambda puts into the environment: no chain of providers is asked. */
export function credentials(): Promise<AwsCredentialIdentity> {
  const sessionToken = optionalVariable('AWS_SESSION_TOKEN');
  return Promise.resolve({
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  });
}

/** Connections are kept alive, and shared by all clients. */
const requestHandler = /* @__PURE__ */ lazily(
  () => new NodeHttpHandler({ connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true }),
);

/**
 * What every client is made with. Endpoints are found by the SDK itself (`AWS_ENDPOINT_URL`).
 *
 * @param maxAttempts as the SDK's standard mode counts them; 1 where the kit tries again by itself.
 */
export function settings(maxAttempts = 4) {
  return {
    region: variable('AWS_REGION'),
    credentials,
    maxAttempts,
    retryMode: 'standard',
    requestHandler: requestHandler(),
    sha256: Sha256,
  } as const;
}

/**
 * The trace of the work at hand, which in a batch is each message's own. Outside of it the SDK sends the invocation's by itself.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function trace<Input extends object, Output extends object>(): Pluggable<Input, Output> {
  return {
    applyToStack: (stack) => {
      stack.add(
        (next) => (args) => {
          const header = current()?.traceHeader;
          if (header && HttpRequest.isInstance(args.request)) args.request.headers['X-Amzn-Trace-Id'] = header;
          return next(args);
        },
        { step: 'build', priority: 'high', name: 'traceOfTheWorkAtHand' },
      );
    },
  };
}
