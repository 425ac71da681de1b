import type * as z from 'zod/mini';

/** What is wrong with one field. */
export interface FieldProblem {
  /** JSON Pointer (RFC 6901) of the field: `/lines/0/quantity`; empty for the whole. */
  readonly pointer: string;
  /** One sentence that never repeats the value: values may be personal. */
  readonly message: string;
}

/**
 * `NOT_JSON`: no text that can be read · `NOT_AN_ENVELOPE`: no CloudEvents envelope · `UNKNOWN_EVENT`: none of the contracts that were asked for ·
 * `BREAKS_CONTRACT`: fields are missing or wrong · `UNKNOWN_FIELDS`: a producer says more than its contract.
 */
export type ViolationCode = 'NOT_JSON' | 'NOT_AN_ENVELOPE' | 'UNKNOWN_EVENT' | 'BREAKS_CONTRACT' | 'UNKNOWN_FIELDS';

/** A message that breaks its contract. Trying again cannot help. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
  readonly code: ViolationCode;
  readonly problems: readonly FieldProblem[];

  constructor(code: ViolationCode, subject: string, problems: readonly FieldProblem[] = []) {
    const fields = problems.slice(0, 10).map(({ pointer, message }) => `${pointer || '/'} ${message}`);
    super(fields.length === 0 ? subject : `${subject}: ${fields.join('; ')}`);
    this.code = code;
    this.problems = problems;
  }
}

type Issue = z.core.$ZodIssue;

/** The wrong fields of a failed parse, in words. `zod/mini` brings no words of its own, and those of `zod` would repeat values. */
export function fieldProblems(issues: readonly Issue[], prefix = ''): FieldProblem[] {
  return issues.map((issue) => ({ pointer: prefix + toPointer(issue.path), message: describe(issue) }));
}

/** A path as a JSON Pointer. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function describe(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.expected !== 'undefined'
        ? `is missing or no ${issue.expected}`
        : `must be ${issue.expected}`;
    case 'too_small':
      return `must ${measure(issue.origin)} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `must ${measure(issue.origin)} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'regex' && issue.pattern ? `must match ${issue.pattern}` : `must be a valid ${issue.format}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'has fields that the contract does not know';
    default:
      return issue.message || 'is not valid';
  }
}

function measure(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' || origin === 'set' || origin === 'map' ? 'have a number of items of' : 'be';
}
