import { setTimeout as wait } from 'node:timers/promises';
import type { Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { CallGuard, Caller } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** A connection that is to be dropped instead of answered: a fault on purpose. */
export class LostReply extends Error {}

/** `run` throws {@link LostReply} when the answer is to be withheld. */
export type Guard = CallGuard;

export type Change = (answer: object) => object;

/** What stands between a function and the API that it calls: its role, and the faults of a test. */
export function createGuard(kernel: Kernel, iam: Iam, crash: (caller: Caller, traceHeader?: string) => void): Guard {
  return {
    check(caller, permissions, deniedStatus) {
      if (caller.kind === 'root') return;
      for (const permission of permissions) {
        const answer = iam.allows(caller.roleArn, permission);
        if (answer.allowed) continue;
        const { action, resource } = permission;
        const enforced = kernel.iam === 'enforce';
        const { functionName } = caller;
        kernel.tell({ kind: 'denied', at: kernel.now(), functionName, action, resource, reason: answer.reason, enforced });
        if (!enforced) continue;
        const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} because ${answer.reason}`;
        throw new AwsError('AccessDeniedException', message, deniedStatus);
      }
    },

    report(error, where) {
      if (error instanceof AwsError || error instanceof LostReply) return;
      const message = `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', message });
    },

    async run(call, make, change) {
      const fault = call.caller.kind === 'function' ? kernel.faults.onCall?.(call) : undefined;
      switch (fault?.kind) {
        case undefined:
          return make(call.input);
        case 'error':
          throw new AwsError(fault.code, fault.message, fault.status, fault.members);
        case 'delay':
          await wait(fault.ms);
          return make(call.input);
        case 'replace': {
          const result = await make(fault.input);
          return fault.answer ? change(result, fault.answer) : result;
        }
        case 'lose-reply':
          // Lost is lost, whether the answer was good or bad.
          await make(call.input).catch(() => {});
          throw new LostReply();
        case 'crash':
          if (fault.when === 'after') await make(call.input).catch(() => {});
          crash(call.caller, call.traceHeader);
          throw new LostReply();
      }
    },
  };
}
