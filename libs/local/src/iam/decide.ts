import type { Context } from './context.ts';
import type { Statement } from './policy.ts';
import type { Principal } from './principal.ts';

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export type Decision =
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'denied'; readonly by: Statement; readonly byBoundary?: true }
  /** Nothing allows it; `nearly` is a statement that would, if its condition held. */
  | { readonly outcome: 'unmentioned'; readonly nearly: Statement | undefined; readonly byBoundary?: true };

/**
 * Decides as IAM does: an explicit deny wins, then an allow, and what nobody mentions is denied.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], question: Question, principal?: Principal): Decision {
  let allowed = false;
  let nearly: Statement | undefined;
  const action = question.action.toLowerCase();
  for (const statement of statements) {
    if (allowed && statement.effect === 'Allow') continue;
    if (!statement.coversAction(action) || !statement.coversResource(question.resource, question.context)) continue;
    if (principal && !statement.coversPrincipal(principal)) continue;
    if (statement.condition && !statement.condition(question.context)) {
      if (statement.effect === 'Allow') nearly = statement;
      continue;
    }
    if (statement.effect === 'Deny') return { outcome: 'denied', by: statement };
    allowed = true;
  }
  return allowed ? { outcome: 'allowed' } : { outcome: 'unmentioned', nearly };
}
