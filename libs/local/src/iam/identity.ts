import type { Permission } from '../kernel/call.ts';
import { type Context, contextOf } from './context.ts';
import { decide, type Decision } from './decide.ts';
import type { Statement } from './policy.ts';

/** What a role may do. */
export interface Identity {
  decide(permission: Permission): Decision;
}

/** Answers are remembered for so many pairs of action and resource; a role seldom has more than a few. */
const REMEMBERED = 2_000;

/**
 * Compiles all statements of a role. Answers that depend on action and resource alone are remembered, so that a call that is made again
 * and again costs one look into a map.
 *
 * @param boundary statements of the permissions boundary, which has to allow it too.
 */
export function compileIdentity(
  statements: readonly Statement[],
  boundary: readonly Statement[] | undefined,
  globals: () => Readonly<Record<string, string>>,
): Identity {
  const byAction = new Map<string, { statements: readonly Statement[]; boundary: readonly Statement[] | undefined; plain: boolean }>();
  const remembered = new Map<string, Decision>();

  const about = (action: string) => {
    let found = byAction.get(action);
    if (!found) {
      const covers = (statement: Statement): boolean => statement.coversAction(action.toLowerCase());
      const own = statements.filter(covers);
      const limits = boundary?.filter(covers);
      found = { statements: own, boundary: limits, plain: [...own, ...(limits ?? [])].every((statement) => statement.plain) };
      if (byAction.size >= REMEMBERED) byAction.clear();
      byAction.set(action, found);
    }
    return found;
  };

  const ask = (permission: Permission, context: Context): Decision => {
    const question = { action: permission.action, resource: permission.resource, context };
    const { statements: own, boundary: limits } = about(permission.action);
    const decision = decide(own, question);
    if (decision.outcome === 'denied' || !limits) return decision;
    const limit = decide(limits, question);
    const decides = limit.outcome === 'denied' || (limit.outcome === 'unmentioned' && decision.outcome === 'allowed');
    return decides ? { ...limit, byBoundary: true } : decision;
  };

  return {
    decide(permission) {
      if (!about(permission.action).plain) return ask(permission, contextOf(permission.context ?? {}, globals()));
      const key = `${permission.action} ${permission.resource}`;
      let decision = remembered.get(key);
      if (!decision) {
        decision = ask(permission, NO_CONTEXT);
        if (remembered.size >= REMEMBERED) remembered.clear();
        remembered.set(key, decision);
      }
      return decision;
    },
  };
}

const NO_CONTEXT: Context = { get: () => undefined };
