/** Of a shard. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const shard = {
  recordsIn: 1000,
  bytesIn: 1024 ** 2,
  bytesOut: 2 * 1024 ** 2,
} as const;

/** A stream on demand takes twice what it took at its peak of thirty days, and this at least. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const onDemandLeast = 4 * shard.bytesIn;

/** `UpdateShardCount`: times in 24 hours, and by which factor. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html */
export const reshards = { aDay: 10, factor: 2 } as const;

/** A function has one vCPU for so much memory, in MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const mbForVcpu = 1769;

/** Shards that take so much. */
export const shardsFor = (recordsPerSecond: number, bytesPerSecond: number): number =>
  Math.max(1, Math.ceil(recordsPerSecond / shard.recordsIn), Math.ceil(bytesPerSecond / shard.bytesIn));
