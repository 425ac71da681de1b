import { AwsError } from '../kernel/aws-error.ts';
import { compilePattern } from '../events/pattern.ts';

/** Whether a mapping's filter lets a record through. */
export type Filter = (record: Readonly<Record<string, unknown>>) => boolean;

/** AWS allows five, and ten to an account that asks. */
const mostFilters = 10;
/** https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html */
const longestPattern = 4096;

/**
 * Reads `FilterCriteria`: a record passes when any of the patterns matches it, and every record passes when there is none.
 * @throws {AwsError} `InvalidEventPatternException`, or `InvalidParameterValueException` for too many.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function toFilter(criteria: unknown): Filter | undefined {
  const filters = (criteria as { Filters?: readonly { Pattern?: unknown }[] } | undefined)?.Filters ?? [];
  if (filters.length > mostFilters)
    throw new AwsError(
      'InvalidParameterValueException',
      `An event source mapping has at most ${mostFilters} filters, and this one has ${filters.length}.`,
    );
  const patterns = filters.map(({ Pattern }) => compilePattern(Pattern as string | Readonly<Record<string, unknown>>, longestPattern));
  if (patterns.length === 0) return undefined;
  return (record) => {
    const readable = decoded(record);
    return patterns.some((matches) => matches(readable));
  };
}

/** Patterns look into a message's body and into a Kinesis record's data, as JSON where it is JSON. */
function decoded(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { body, kinesis } = record;
  if (typeof body === 'string') return { ...record, body: parsed(body) };
  const data = (kinesis as { data?: unknown } | undefined)?.data;
  return typeof data === 'string' ? { ...record, data: parsed(Buffer.from(data, 'base64').toString('utf8')) } : { ...record };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
