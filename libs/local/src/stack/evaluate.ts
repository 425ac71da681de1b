import { cidrBlocks } from './cidr.ts';

/** What names in a template stand for. Each function throws an Error when there is no such name. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  /** Undefined when the mapping has no such keys. */
  mapping(map: string, top: string, second: string): unknown;
  importedValue(name: string): unknown;
  availabilityZones(region: string): readonly string[];
}

/** The value of `AWS::NoValue`: whatever has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Evaluates all intrinsic functions in a part of a template.
 *
 * @throws {Error} naming the function and what is wrong with it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const call = intrinsicOf(value);
  if (call !== undefined) return apply(call.name, call.argument, scope);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const evaluated = evaluate(member, scope);
    if (evaluated !== NO_VALUE) result[key] = evaluated;
  }
  return result;
}

/** Evaluates a condition: one of the template's, or one written in place. */
export function evaluateCondition(value: unknown, scope: Scope): boolean {
  if (typeof value === 'object' && value !== null && 'Condition' in value) return scope.condition(string(value.Condition, 'Condition'));
  const result = evaluate(value, scope);
  if (result === true || result === 'true') return true;
  if (result === false || result === 'false') return false;
  throw new Error(`${JSON.stringify(value)} is not a condition`);
}

/** The intrinsic function that an object of a template calls, if it calls one. */
export function intrinsicOf(value: object): { readonly name: string; readonly argument: unknown } | undefined {
  const [entry, second] = Object.entries(value);
  if (entry === undefined || second !== undefined) return undefined;
  const [name, argument] = entry;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

/** The `${names}` of an `Fn::Sub`, without its literals `${!like this}`. */
export const SUB_NAME = /\$\{([^!${}][^${}]*)\}/g;

function apply(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(argument, scope);
  if (name === 'Fn::Transform' || name.startsWith('Fn::ForEach')) {
    throw new Error(`${name} runs inside AWS only: write out what it would generate.`);
  }
  throw new Error(`CloudFormation has no function ${name}`);
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(string(argument, 'Ref')),

  'Fn::GetAtt'(argument, scope) {
    if (typeof argument === 'string') {
      const dot = argument.indexOf('.');
      if (dot < 1) throw new Error(`Fn::GetAtt takes Resource.Attribute, not ${JSON.stringify(argument)}`);
      return scope.attribute(argument.slice(0, dot), argument.slice(dot + 1));
    }
    const [logicalId, attribute] = list(argument, 'Fn::GetAtt', 2);
    return scope.attribute(string(logicalId, 'Fn::GetAtt'), string(evaluate(attribute, scope), 'Fn::GetAtt'));
  },

  'Fn::Sub'(argument, scope) {
    const [text, variables] = Array.isArray(argument) ? list(argument, 'Fn::Sub', 2) : [argument, {}];
    const given = evaluate(variables, scope) as Readonly<Record<string, unknown>>;
    const replaced = string(text, 'Fn::Sub').replace(SUB_NAME, (_, name: string) => asText(lookUp(name.trim(), given, scope), 'Fn::Sub'));
    return replaced.replaceAll('${!', '${');
  },

  'Fn::Join'(argument, scope) {
    const [delimiter, values] = list(argument, 'Fn::Join', 2);
    return array(evaluate(values, scope), 'Fn::Join')
      .map((item) => asText(item, 'Fn::Join'))
      .join(string(delimiter, 'Fn::Join'));
  },

  'Fn::Select'(argument, scope) {
    const [index, values] = evaluate(list(argument, 'Fn::Select', 2), scope) as unknown[];
    const chosen = array(values, 'Fn::Select')[Number(index)];
    if (chosen === undefined) throw new Error(`Fn::Select has no item ${String(index)} in ${JSON.stringify(values)}`);
    return chosen;
  },

  'Fn::Split'(argument, scope) {
    const [delimiter, text] = list(argument, 'Fn::Split', 2);
    return asText(evaluate(text, scope), 'Fn::Split').split(string(delimiter, 'Fn::Split'));
  },

  'Fn::If'(argument, scope) {
    const [condition, yes, no] = list(argument, 'Fn::If', 3);
    const holds = typeof condition === 'string' ? scope.condition(condition) : evaluateCondition(condition, scope);
    return evaluate(holds ? yes : no, scope);
  },

  'Fn::Equals'(argument, scope) {
    const [left, right] = evaluate(list(argument, 'Fn::Equals', 2), scope) as unknown[];
    return comparable(left) === comparable(right);
  },
  'Fn::And': (argument, scope) => array(argument, 'Fn::And').every((item) => evaluateCondition(item, scope)),
  'Fn::Or': (argument, scope) => array(argument, 'Fn::Or').some((item) => evaluateCondition(item, scope)),
  'Fn::Not': (argument, scope) => !evaluateCondition(list(argument, 'Fn::Not', 1)[0], scope),

  'Fn::FindInMap'(argument, scope) {
    const [map, top, second, options] = evaluate(array(argument, 'Fn::FindInMap'), scope) as unknown[];
    const keys = [map, top, second].map((key) => asText(key, 'Fn::FindInMap')) as [string, string, string];
    const found = scope.mapping(...keys);
    if (found !== undefined) return found;
    if (typeof options === 'object' && options !== null && 'DefaultValue' in options) return options.DefaultValue;
    throw new Error(`Fn::FindInMap finds no ${keys.join('.')}`);
  },

  'Fn::Base64': (argument, scope) => Buffer.from(asText(evaluate(argument, scope), 'Fn::Base64')).toString('base64'),

  'Fn::Cidr'(argument, scope) {
    const [block, count, bits] = evaluate(array(argument, 'Fn::Cidr'), scope) as unknown[];
    return cidrBlocks(string(block, 'Fn::Cidr'), Number(count), bits === undefined ? undefined : Number(bits));
  },

  'Fn::GetAZs': (argument, scope) => scope.availabilityZones(asText(evaluate(argument, scope), 'Fn::GetAZs')),
  'Fn::ImportValue': (argument, scope) => scope.importedValue(asText(evaluate(argument, scope), 'Fn::ImportValue')),
  'Fn::Length': (argument, scope) => array(evaluate(argument, scope), 'Fn::Length').length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope)),
};

function lookUp(name: string, given: Readonly<Record<string, unknown>>, scope: Scope): unknown {
  if (Object.hasOwn(given, name)) return given[name];
  const dot = name.indexOf('.');
  return dot === -1 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
}

/** CloudFormation compares what it was given as text: the number 1 equals the string '1'. */
function comparable(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function asText(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  // A list parameter inside Fn::Sub or Fn::Join is an error on AWS too.
  throw new Error(`${name} needs text where it was given ${value === NO_VALUE ? 'AWS::NoValue' : JSON.stringify(value)}`);
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} needs a string where it was given ${JSON.stringify(value)}`);
  return value;
}

function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${name} needs a list where it was given ${JSON.stringify(value)}`);
  return value;
}

function list(value: unknown, name: string, length: number): readonly unknown[] {
  const items = array(value, name);
  if (items.length !== length) throw new Error(`${name} takes a list of ${length}, not ${JSON.stringify(value)}`);
  return items;
}
