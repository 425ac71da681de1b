/**
 * Which records of a batch a function says it could not process.
 * @param payload what the function answered, JSON text
 * @param ids of the batch: message ids, or sequence numbers
 * @returns the failed ids, or `all` when the answer is not one that Lambda understands
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedItems(payload: string, ids: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return 'all';
  }
  if (answer === null) return new Set();
  if (typeof answer !== 'object') return 'all';
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== 'string' || !ids.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}
