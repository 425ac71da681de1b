import type { StreamPort } from './ports.ts';

/** The streams of two engines as those of one: the source's ARN says whose it is. */
export function eitherStream(one: StreamPort, other: StreamPort): StreamPort {
  const of = (arn: string): StreamPort => (one.owns(arn) ? one : other);
  return {
    owns: (arn) => one.owns(arn) || other.owns(arn),
    shards: (arn) => of(arn).shards(arn),
    lineage: (arn, shard) => of(arn).lineage?.(arn, shard) ?? { parents: [], closed: false },
    read: (arn, shard, after, limit) => of(arn).read(arn, shard, after, limit),
    latest: (arn, shard) => of(arn).latest(arn, shard),
    onRecords: (arn, listener) => of(arn).onRecords(arn, listener),
  };
}
