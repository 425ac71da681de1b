import { AwsError } from './kernel/aws-error.ts';
import type { LambdaPort } from './kernel/ports.ts';

const MISSING: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'AccessDeniedException']);

/**
 * Lambda as EventBridge sees it while the cloud starts. After a restart rules fire before the functions that they invoke, and the
 * permissions to do so, are deployed again: EventBridge would drop such an event, and tries again what cannot be taken just now.
 */
export function untilReady(lambda: LambdaPort, isReady: () => boolean): LambdaPort {
  return {
    async invoke(request) {
      try {
        return await lambda.invoke(request);
      } catch (error) {
        if (isReady() || !(error instanceof AwsError) || !MISSING.has(error.code)) throw error;
        throw new AwsError('ServiceException', `${request.functionName} is not deployed yet.`, 503);
      }
    },
  };
}
