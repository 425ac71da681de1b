import { evaluateCondition, intrinsicOf, SUB_NAME, type Scope } from './evaluate.ts';
import { inOrder } from './order.ts';
import type { Template, TemplateResource } from './template.ts';

/**
 * The resources to make, in an order that makes each after those that it refers to. Resources whose condition does not hold
 * are left out, and so are references that stand in a branch of `Fn::If` that is not taken.
 *
 * @throws {CycleError} naming the circle.
 */
export function resourceOrder(template: Template, scope: Scope): readonly string[] {
  const wanted = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([logicalId]) => logicalId);
  return inOrder(wanted, (logicalId) => dependenciesOf(template.Resources[logicalId] as TemplateResource, scope));
}

function dependenciesOf(resource: TemplateResource, scope: Scope): ReadonlySet<string> {
  const found = new Set<string>([resource.DependsOn ?? []].flat());
  collect(resource.Properties, scope, found);
  return found;
}

function collect(value: unknown, scope: Scope, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, scope, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const call = intrinsicOf(value);
  if (call === undefined) {
    for (const member of Object.values(value)) collect(member, scope, found);
    return;
  }
  switch (call.name) {
    case 'Ref':
      found.add(String(call.argument));
      return;
    case 'Fn::GetAtt':
      found.add(String(Array.isArray(call.argument) ? call.argument[0] : call.argument).split('.')[0] ?? '');
      return;
    case 'Fn::Sub':
      for (const [, name = ''] of String([call.argument].flat()[0]).matchAll(SUB_NAME)) found.add(name.trim().split('.')[0] ?? '');
      collect([call.argument].flat()[1], scope, found);
      return;
    case 'Fn::If':
      collectBranch(call.argument, scope, found);
      return;
    default:
      collect(call.argument, scope, found);
  }
}

function collectBranch(argument: unknown, scope: Scope, found: Set<string>): void {
  // Anything but three members is reported when the function is evaluated.
  if (!Array.isArray(argument) || argument.length !== 3) return;
  const [condition, yes, no] = argument as [unknown, unknown, unknown];
  const holds = typeof condition === 'string' ? scope.condition(condition) : evaluateCondition(condition, scope);
  collect(holds ? yes : no, scope, found);
}
