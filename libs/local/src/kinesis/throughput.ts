/** What a shard takes in a second. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const mostRecords = 1000;
const mostBytes = 1024 * 1024;

/** Counts what shards take, second by second: what is beyond is refused, as on AWS. */
export function createThroughput() {
  const shards = new Map<string, { second: number; records: number; bytes: number }>();
  return {
    admits(shard: string, bytes: number, now: number): boolean {
      const second = Math.floor(now / 1000);
      const seen = shards.get(shard);
      const used = seen?.second === second ? seen : { second, records: 0, bytes: 0 };
      if (used.records + 1 > mostRecords || (used.bytes > 0 && used.bytes + bytes > mostBytes)) return false;
      shards.set(shard, { second, records: used.records + 1, bytes: used.bytes + bytes });
      return true;
    },
  };
}
