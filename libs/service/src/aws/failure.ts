import { AwsFailure } from '../errors.ts';

/** What the SDK's errors have, whichever client throws them. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
  /** Node's own code of a broken connection. */
  readonly code?: string;
  readonly CancellationReasons?: unknown;
  readonly Item?: unknown;
}

/** The SDK's error in the kit's words. Anything that neither AWS nor the network said stays as it is: a mistake in an input, a variable that is missing. */
export function toAwsFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const error: SdkError = thrown;
  const options = { cause: error };
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  if (status !== undefined) {
    const { CancellationReasons, Item } = error;
    return new AwsFailure(error.name, status, error.message, { CancellationReasons, Item }, options);
  }
  // The SDK calls a reset connection a TimeoutError too: Node's code says which it was.
  const broken = /^E(?!RR_|TIMEDOUT)/.test(error.code ?? '');
  if (broken) return new AwsFailure('NetworkError', 0, error.message, {}, options);
  const late = error.name === 'AbortError' || error.name === 'TimeoutError';
  return late ? new AwsFailure('Timeout', 0, 'there was no answer in time', {}, options) : error;
}

/** Whether a failed call may succeed when it is made again. */
export function isPassing(error: unknown): boolean {
  return error instanceof AwsFailure && (error.status === 0 || error.status >= 500 || error.status === 429 || passing.has(error.awsCode));
}

const passing = /* @__PURE__ */ new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'TransactionInProgressException',
  'TransactionConflictException',
  'RequestTimeTooSkewed',
  'InternalException',
]);
