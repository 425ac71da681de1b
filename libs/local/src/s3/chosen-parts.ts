import { AwsError } from '../kernel/aws-error.ts';
import type { Algorithm } from './checksum.ts';
import { invalidArgument } from './errors.ts';
import type { Part } from './uploads.ts';

/** The smallest part that is not the last. */
const SMALLEST_PART = 5 * 1024 ** 2;
const MOST_PARTS = 10_000;

/**
 * The parts that a request lists, in the order of their numbers.
 *
 * @throws {AwsError} `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `MalformedXML`.
 */
export function choose(
  stored: readonly Part[],
  listed: readonly Readonly<Record<string, unknown>>[],
  algorithm: Algorithm | undefined,
): readonly Part[] {
  if (listed.length === 0 || listed.length > MOST_PARTS) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  const chosen = listed.map((item) => {
    const part = byNumber.get(Number(item['PartNumber']));
    const checksum = algorithm && item[`Checksum${algorithm}`];
    if (part?.etag !== String(item['ETag']).replaceAll('"', '') || (checksum !== undefined && checksum !== part.checksum))
      throw invalidPart();
    return part;
  });
  chosen.forEach((part, index) => {
    const before = chosen[index - 1];
    if (!before) return;
    if (part.number <= before.number)
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    if (before.size < SMALLEST_PART) {
      const facts = { ProposedSize: before.size, MinSizeAllowed: SMALLEST_PART, PartNumber: before.number, ETag: before.etag };
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, facts);
    }
  });
  return chosen;
}

/** From 1 to 10,000. @throws {AwsError} `InvalidArgument`. */
export function partNumberOf(query: URLSearchParams): number {
  const number = Number(query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= MOST_PARTS) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`, 'partNumber');
}

export function invalidPart(): AwsError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  return new AwsError('InvalidPart', message);
}
