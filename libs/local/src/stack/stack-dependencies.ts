import type { Kernel } from '../kernel/kernel.ts';
import type { PackagedService } from '../package/packager.ts';
import { referencedSsmNames } from './dynamic-references.ts';
import { evaluate, intrinsicOf, type Scope } from './evaluate.ts';
import { ssmNamesOf } from './parameters.ts';
import { stackScope } from './stack-scope.ts';

/** What a stack asks of others, and what others may ask of it. */
export interface StackInterface {
  /** SSM parameters that have to be there before it. */
  readonly needs: ReadonlySet<string>;
  /** SSM parameters that it creates. */
  readonly provides: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

/** Reads off a template what has to be deployed before it, and what it makes for others. */
export function stackInterface(packaged: PackagedService, kernel: Kernel): StackInterface {
  const { template, stackName } = packaged;
  const parameters = new Map(
    Object.entries(template.Parameters ?? {}).map(([name, { Default }]) => [name, packaged.parameters[name] ?? String(Default ?? '')]),
  );
  const scope = stackScope({ kernel, stackName, template, parameters, resources: new Map(), exported: (name) => name });

  const resources = Object.values(template.Resources);
  const provided = resources.filter(({ Type }) => Type === 'AWS::SSM::Parameter').map(({ Properties }) => Properties?.['Name']);
  const outputs = Object.values(template.Outputs ?? {}).flatMap((output) => (output.Export ? [output.Export.Name] : []));
  const provides = texts(provided, scope);
  const asked = [
    ...ssmNamesOf(template.Parameters ?? {}, packaged.parameters),
    ...referencedSsmNames(resources),
    ...composedSsmNames(resources, scope),
  ];
  const imports = texts(importsIn([template.Resources, template.Outputs]), scope);
  // A stack's own parameter is no reason to wait.
  const needs = new Set(asked.filter((name) => !provides.has(name)));
  return { needs, provides, imports, exports: texts(outputs, scope) };
}

/** The services that each service waits for: by what they need, and by what the compose file says. */
export function serviceDependencies(
  services: readonly PackagedService[],
  interfaces: ReadonlyMap<string, StackInterface>,
): (name: string) => readonly string[] {
  const providers = new Map<string, string>();
  for (const [name, { provides, exports }] of interfaces) {
    for (const parameter of provides) providers.set(`ssm ${parameter}`, name);
    for (const value of exports) providers.set(`export ${value}`, name);
  }
  const declared = new Map(services.map(({ source }) => [source.name, source.dependsOn]));
  return (name) => {
    const asked = [
      ...[...(interfaces.get(name)?.needs ?? [])].map((parameter) => `ssm ${parameter}`),
      ...[...(interfaces.get(name)?.imports ?? [])].map((value) => `export ${value}`),
    ];
    const found = asked.map((key) => providers.get(key)).filter((provider) => provider !== undefined);
    return [...new Set([...found, ...(declared.get(name) ?? [])])].filter((other) => other !== name);
  };
}

/** Evaluates names; one that depends on a resource is known only when that resource stands, and orders nothing. */
function texts(values: readonly unknown[], scope: Scope): ReadonlySet<string> {
  const found = new Set<string>();
  for (const value of values) {
    try {
      const text = evaluate(value, scope);
      if (typeof text === 'string') found.add(text);
    } catch {
      // Depends on a resource.
    }
  }
  return found;
}

/** The SSM names in references that a function puts together: `Fn::Sub` of `{{resolve:ssm:/${Stage}/bus}}`. */
function composedSsmNames(value: unknown, scope: Scope): readonly string[] {
  if (typeof value !== 'object' || value === null || !JSON.stringify(value).includes('{{resolve:ssm')) return [];
  const members = (): readonly string[] => Object.values(value).flatMap((member) => composedSsmNames(member, scope));
  if (Array.isArray(value) || intrinsicOf(value) === undefined) return members();
  try {
    return referencedSsmNames(evaluate(value, scope));
  } catch {
    // Depends on a resource.
    return members();
  }
}

function importsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(importsIn);
  if (typeof value !== 'object' || value === null) return [];
  const call = intrinsicOf(value);
  return call?.name === 'Fn::ImportValue' ? [call.argument] : Object.values(value).flatMap(importsIn);
}
