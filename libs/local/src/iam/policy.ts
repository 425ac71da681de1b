import { type Condition, compileCondition } from './condition.ts';
import { type Context, fillIn } from './context.ts';
import { compilePrincipal, type Principal } from './principal.ts';
import { type Matcher, wildcard } from './wildcard.ts';

/** A statement of a policy, ready to be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly sid: string | undefined;
  /** The action in lower case: actions have no case. */
  coversAction(action: string): boolean;
  coversResource(resource: string, context: Context): boolean;
  /** For resource policies; a statement of an identity policy covers whoever it is attached to. */
  coversPrincipal(principal: Principal): boolean;
  readonly condition: Condition | undefined;
  /** True when the answer depends on nothing but action and resource, and so may be remembered. */
  readonly plain: boolean;
  readonly source: Readonly<Record<string, unknown>>;
}

/**
 * Compiles a policy document.
 *
 * @param document an object, or its JSON text.
 * @throws {TypeError} when IAM would refuse it as malformed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function compilePolicy(document: unknown): Statement[] {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('a policy document must be an object');
  const { Statement: statements, Version: version } = parsed as { Statement?: unknown; Version?: unknown };
  // Variables came with the version of 2012-10-17; before it, `${` is plain text. CloudFormation writes dates with and without quotes.
  const variables = version instanceof Date || String(version).startsWith('2012-10-17');
  return list(statements).map((statement) => compileStatement(statement, variables));
}

function compileStatement(statement: unknown, variables: boolean): Statement {
  if (typeof statement !== 'object' || statement === null) throw new TypeError('each statement of a policy must be an object');
  const source = statement as Record<string, unknown>;
  if (source['Effect'] !== 'Allow' && source['Effect'] !== 'Deny') throw new TypeError("a statement's Effect must be 'Allow' or 'Deny'");
  const actions = texts(source, 'Action');
  const notActions = texts(source, 'NotAction');
  if (!actions && !notActions) throw new TypeError('a statement must have an Action or a NotAction');
  const resources = texts(source, 'Resource');
  const notResources = texts(source, 'NotResource');
  const variable = variables && [...(resources ?? []), ...(notResources ?? [])].some((pattern) => pattern.includes('${'));
  const condition = compileCondition(source['Condition']);
  const actionMatchers = (actions ?? notActions ?? []).map((pattern) => wildcard(pattern.toLowerCase()));
  const covers = coverage(resources ?? notResources, variables);
  return {
    effect: source['Effect'],
    sid: typeof source['Sid'] === 'string' ? source['Sid'] : undefined,
    coversAction: (action) => actionMatchers.some((matches) => matches(action)) === (actions !== undefined),
    coversResource: (resource, context) => covers(resource, context) === (resources !== undefined || notResources === undefined),
    coversPrincipal: compilePrincipal(source),
    condition,
    plain: condition === undefined && !variable,
    source,
  };
}

/** A statement without resources, as trust policies have them, covers the one it is attached to. */
function coverage(patterns: readonly string[] | undefined, variables: boolean): (resource: string, context: Context) => boolean {
  if (!patterns) return () => true;
  const fixed: Matcher[] = [];
  const variable: string[] = [];
  for (const pattern of patterns) {
    if (variables && pattern.includes('${')) variable.push(pattern);
    else fixed.push(wildcard(pattern));
  }
  return (resource, context) =>
    fixed.some((matches) => matches(resource)) ||
    variable.some((pattern) => {
      const filled = fillIn(pattern, context);
      return filled !== undefined && wildcard(filled)(resource);
    });
}

function texts(source: Record<string, unknown>, name: string): string[] | undefined {
  const value = source[name];
  if (value === undefined) return undefined;
  return list(value).map((item) => {
    if (typeof item !== 'string') throw new TypeError(`a statement's ${name} must be text: ${JSON.stringify(item)}`);
    return item;
  });
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
