import { AwsError } from '../kernel/aws-error.ts';
import { accessDenied } from './errors.ts';

/** How many bytes a form may bring. */
export interface Length {
  readonly least: number;
  readonly most: number;
}

/**
 * Holds a form against the policy that it brings.
 *
 * @param policy as it stands in the form: JSON in base64.
 * @param fields by name in lower case, with `bucket`, and with the file's name put into the key.
 * @returns what it says about the length of the file.
 * @throws {AwsError} `AccessDenied` (403) with the condition that does not hold, `InvalidPolicyDocument`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function checkPolicy(policy: string, fields: ReadonlyMap<string, string>, now: number): Length {
  const { expiration, conditions } = parse(policy);
  if (now >= expiration) throw refused('Policy expired.');
  const covered = new Set(['policy', 'x-amz-signature', 'file']);
  let length: Length = { least: 0, most: Infinity };
  for (const condition of conditions) {
    const { operator, name, value } = toCondition(condition);
    if (operator === 'content-length-range') {
      length = { least: Math.max(length.least, Number(name)), most: Math.min(length.most, Number(value)) };
      continue;
    }
    covered.add(name);
    const given = fields.get(name) ?? '';
    const holds = operator === 'eq' ? given === value : startsWith(name, given, value);
    if (!holds) throw refused(`Policy Condition failed: ${JSON.stringify(condition)}`);
  }
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && name !== 'bucket' && !name.startsWith('x-ignore-'));
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`);
  return length;
}

interface Condition {
  readonly operator: 'eq' | 'starts-with' | 'content-length-range';
  readonly name: string;
  readonly value: string;
}

function parse(policy: string): { readonly expiration: number; readonly conditions: readonly unknown[] } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(policy, 'base64').toString('utf8'));
  } catch {
    throw invalid('it is not JSON');
  }
  const { expiration, conditions } = (document ?? {}) as { expiration?: unknown; conditions?: unknown };
  const time = typeof expiration === 'string' ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(time)) throw invalid('expiration is missing or no date');
  if (!Array.isArray(conditions)) throw invalid('conditions is missing or no list');
  return { expiration: time, conditions };
}

/** `{"acl": "private"}`, `["eq", "$acl", "private"]`, `["starts-with", "$key", "user/"]`, `["content-length-range", 1, 1000]`. */
function toCondition(condition: unknown): Condition {
  if (Array.isArray(condition) && condition.length === 3) {
    const [word, first, second] = condition as [unknown, unknown, unknown];
    const operator = String(word).toLowerCase();
    if (operator === 'content-length-range' && [first, second].every((each) => Number.isInteger(Number(each)) && Number(each) >= 0)) {
      return { operator, name: String(first), value: String(second) };
    }
    if (
      (operator === 'eq' || operator === 'starts-with') &&
      typeof first === 'string' &&
      first.startsWith('$') &&
      typeof second === 'string'
    ) {
      return { operator, name: first.slice(1).toLowerCase(), value: second };
    }
  } else if (typeof condition === 'object' && condition !== null && Object.keys(condition).length === 1) {
    const [[name, value] = ['', undefined]] = Object.entries(condition);
    if (typeof value === 'string') return { operator: 'eq', name: name.toLowerCase(), value };
  }
  throw invalid(`${JSON.stringify(condition)} is no condition`);
}

/** Of content types there may be several, each of which has to begin so. */
function startsWith(name: string, given: string, value: string): boolean {
  return name === 'content-type' ? given.split(',').every((each) => each.trim().startsWith(value)) : given.startsWith(value);
}

function refused(why: string): AwsError {
  return accessDenied(`Invalid according to Policy: ${why}`);
}

function invalid(why: string): AwsError {
  return new AwsError(
    'InvalidPolicyDocument',
    `The content of the form does not meet the conditions specified in the policy document: ${why}.`,
  );
}
