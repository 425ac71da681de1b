import { AwsError } from '../kernel/aws-error.ts';
import { InvalidInput } from './input.ts';

/** Why an event did not reach a target. */
export interface Failure {
  /** As the dead-letter queue's `ERROR_CODE` names it. */
  readonly code: string;
  readonly message: string;
  /** Whether trying again may help. */
  readonly retry: boolean;
}

/**
 * Sorts out what a target answered. A missing permission, a missing target and a request that can never be right are not retried.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof InvalidInput) return { code: 'INVALID_JSON', message: error.message, retry: false };
  if (!(error instanceof AwsError))
    return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error), retry: true };
  const { code, message, status } = error;
  if (/AccessDenied|NotAuthorized|AuthorizationError|Forbidden/.test(code)) return { code: 'NO_PERMISSIONS', message, retry: false };
  if (/NotFound|NonExistent|DoesNotExist/.test(code)) return { code: 'NO_RESOURCE', message, retry: false };
  if (status === 429 || /Throttl|TooManyRequests|LimitExceeded|OverLimit/.test(code)) return { code: 'THROTTLING', message, retry: true };
  if (status >= 500) return { code: 'ERROR_FROM_TARGET', message, retry: true };
  return { code: 'SDK_CLIENT_ERROR', message, retry: false };
}

/** Why some work did not reach its target; undefined when it did. */
export async function failureOf(work: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return toFailure(error);
  }
}
