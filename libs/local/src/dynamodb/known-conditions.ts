import { type Data, validated } from './dynalite.ts';
import type { WriteOperation } from './writes.ts';

/**
 * Parsed conditions of puts and deletes, by their text, names and values. Parsing is most of a small conditional write, and services
 * write with the same few conditions: `attribute_not_exists(id)`. The oldest are dropped beyond these bounds.
 */
const known = new Map<string, NonNullable<Data['_condition']>>();
const mostKnown = 500;
const longestKey = 2_000;

/** Validates a write, its condition only if it is not known. @throws {AwsError} */
export function validatedWrite(operation: WriteOperation, input: Record<string, unknown>): Data {
  const key = keyOf(operation, input);
  const condition = key && known.get(key);
  if (condition) {
    const rest = { ...input, ConditionExpression: undefined, ExpressionAttributeNames: undefined, ExpressionAttributeValues: undefined };
    return { ...validated(operation, rest), _condition: condition };
  }
  const data = validated(operation, input);
  if (key && data._condition) {
    if (known.size >= mostKnown) known.delete(known.keys().next().value!);
    known.set(key, data._condition);
  }
  return data;
}

/** Undefined for a write whose condition is not alone: an update expression shares its names and values, the legacy parameters exclude it. */
function keyOf(operation: WriteOperation, input: Record<string, unknown>): string | undefined {
  const { ConditionExpression: text, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  if (operation === 'updateItem' || typeof text !== 'string' || input['Expected'] || input['ConditionalOperator']) return undefined;
  const key = JSON.stringify([text, names, values]);
  return key.length <= longestKey ? key : undefined;
}
