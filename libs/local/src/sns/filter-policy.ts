import { compilePattern } from '../events/pattern.ts';
import { isRecord } from '../events/pattern-operators.ts';
import { AwsError } from '../kernel/aws-error.ts';
import { invalid, jsonOf, type MessageAttributes, type Notification } from './model.ts';

export type FilterScope = 'MessageAttributes' | 'MessageBody';

/** Whether a subscription wants a message. */
export type Filter = (notification: Pick<Notification, 'message' | 'attributes'>) => boolean;

type Policy = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const maximumLength = 256 * 1024;
const maximumKeys = 5;
const maximumCombinations = 150;
const numericLimit = 1e9;

/**
 * Compiles the filter policy of a subscription. Its operators are those of event patterns; what differs is what they look at (the
 * message's attributes, or its body), and how much a policy may ask.
 *
 * @throws {AwsError} `InvalidParameter`.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilter(text: string, scope: FilterScope): Filter {
  const policy = jsonOf('FilterPolicy', text);
  // An empty policy asks for nothing.
  if (Object.keys(policy).length === 0) return () => true;
  check(policy, scope);
  const matches = compile(policy);
  if (scope === 'MessageBody') {
    return ({ message }) => {
      const body = parsed(message);
      return isRecord(body) && !isEmpty(body) && matches(body);
    };
  }
  return ({ attributes }) => {
    const values = valuesOf(attributes);
    return values !== undefined && !isEmpty(values) && matches(values);
  };
}

/** Nothing at all is not even absent. https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html */
function isEmpty(values: Policy): boolean {
  return Object.keys(values).length === 0;
}

function compile(policy: Policy): ReturnType<typeof compilePattern> {
  try {
    return compilePattern(policy, maximumLength);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(`FilterPolicy: ${error.message.replace(/^.*Reason: /, '')}`);
  }
}

/** What SNS asks of a policy beyond what EventBridge asks of a pattern. */
function check(policy: Policy, scope: FilterScope): void {
  // Of a nested policy the keys at the top count.
  if (Object.keys(policy).length > maximumKeys) throw invalid(`FilterPolicy: Filter policy can not have more than ${maximumKeys} keys`);
  if (scope === 'MessageAttributes' && nested(policy))
    throw invalid('FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy');
  if (combinations(policy, scope, 1) > maximumCombinations) throw invalid('FilterPolicy: Filter policy is too complex');
}

function nested(policy: Policy): boolean {
  return Object.entries(policy).some(([name, value]) =>
    name === '$or' && Array.isArray(value) ? value.some((branch) => isRecord(branch) && nested(branch)) : isRecord(value),
  );
}

/** The numbers of values, multiplied; in a body each with its level of nesting. */
function combinations(policy: Policy, scope: FilterScope, level: number): number {
  return Object.entries(policy).reduce((product, [name, value]) => {
    if (name === '$or' && Array.isArray(value) && value.every(isRecord))
      return product * value.reduce((sum, branch) => sum + combinations(branch, scope, level), 0);
    if (isRecord(value)) return product * combinations(value, scope, level + 1);
    if (!Array.isArray(value)) return product;
    value.forEach(checkNumeric);
    return product * value.length * (scope === 'MessageBody' ? level : 1);
  }, 1);
}

function checkNumeric(value: unknown): void {
  if (!isRecord(value) || !Array.isArray(value['numeric'])) return;
  const beyond = value['numeric'].some((bound) => typeof bound === 'number' && Math.abs(bound) > numericLimit);
  if (beyond) throw invalid('FilterPolicy: Value of numeric comparison must be between -1.0E9 and 1.0E9');
}

/**
 * Attributes as values to match; binary ones are not looked at. Undefined when an array is none: such a message matches no policy.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
function valuesOf(attributes: MessageAttributes): Policy | undefined {
  const values: [string, unknown][] = [];
  for (const [name, { DataType, StringValue = '' }] of Object.entries(attributes)) {
    if (DataType === 'String.Array') {
      const list = parsed(StringValue);
      if (!Array.isArray(list)) return undefined;
      values.push([name, list]);
    } else if (DataType.startsWith('Number')) values.push([name, Number(StringValue)]);
    else if (DataType.startsWith('String')) values.push([name, StringValue]);
  }
  return Object.fromEntries(values);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
