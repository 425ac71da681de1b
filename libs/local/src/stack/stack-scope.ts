import type { Kernel } from '../kernel/kernel.ts';
import { evaluateCondition, NO_VALUE, type Scope } from './evaluate.ts';
import type { Template } from './template.ts';

/** What is known of a stack while it is being deployed. */
export interface StackContext {
  readonly kernel: Pick<Kernel, 'region' | 'accountId' | 'partition'>;
  readonly stackName: string;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** By logical id; grows as resources are made. */
  readonly resources: ReadonlyMap<string, { readonly physicalId: string; readonly attributes: Readonly<Record<string, unknown>> }>;
  /** A value that another stack exports. */
  exported(name: string): unknown;
}

/** What names stand for in one stack. */
export function stackScope(context: StackContext): Scope {
  const { kernel, stackName, template, parameters, resources } = context;
  const pseudo = pseudoParameters(kernel, stackName);
  const conditions = new Map<string, boolean | 'asked'>();

  const resource = (logicalId: string): { readonly physicalId: string; readonly attributes: Readonly<Record<string, unknown>> } => {
    const found = resources.get(logicalId);
    if (found !== undefined) return found;
    if (logicalId in template.Resources) throw new Error(`refers to ${logicalId}, whose condition does not hold`);
    throw new Error(`refers to ${logicalId}, which the template does not have`);
  };

  const scope: Scope = {
    ref(name) {
      if (pseudo.has(name)) return pseudo.get(name);
      return parameters.get(name) ?? resource(name).physicalId;
    },
    attribute(logicalId, attribute) {
      const { attributes } = resource(logicalId);
      if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
      const known = Object.keys(attributes).join(', ') || 'none';
      throw new Error(`asks for ${logicalId}.${attribute}; ${template.Resources[logicalId]?.Type ?? logicalId} has: ${known}`);
    },
    condition(name) {
      const known = conditions.get(name);
      if (known === 'asked') throw new Error(`The condition ${name} depends on itself`);
      if (known !== undefined) return known;
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new Error(`The template has no condition ${name}`);
      conditions.set(name, 'asked');
      const holds = evaluateCondition(condition, scope);
      conditions.set(name, holds);
      return holds;
    },
    mapping: (map, top, second) => template.Mappings?.[map]?.[top]?.[second],
    importedValue: (name) => context.exported(name),
    availabilityZones: (region) => ['a', 'b', 'c'].map((letter) => `${region || kernel.region}${letter}`),
  };
  return scope;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function pseudoParameters(kernel: StackContext['kernel'], stackName: string): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['AWS::AccountId', kernel.accountId],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', kernel.partition],
    ['AWS::Region', kernel.region],
    ['AWS::StackId', stackIdOf(kernel, stackName)],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}

/** The same at every start, so that what is named after it stays. */
export function stackIdOf(kernel: StackContext['kernel'], stackName: string): string {
  return `arn:${kernel.partition}:cloudformation:${kernel.region}:${kernel.accountId}:stack/${stackName}/00000000-0000-0000-0000-000000000000`;
}
