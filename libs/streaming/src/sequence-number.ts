/**
 * Whether one sequence number of a shard is later than another. They are numbers, and nothing promises that all have as many digits: as texts, `9` would come after `10`.
 *
 * @param before empty for "none yet", which everything is later than.
 * @see https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#sequence-number
 */
export function isLater(sequenceNumber: string, before: string): boolean {
  return BigInt(sequenceNumber) > BigInt(before || -1);
}
