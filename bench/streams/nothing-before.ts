import type { StreamDeps } from '@larder/service/on-stream';

const quiet = { $metadata: {}, ShardIterator: 'x' };

/** A stream in which nothing came before, and nothing is between two batches. What breaks the contract ends the benchmark. */
export const nothingBefore: StreamDeps = {
  kinesis: {
    getShardIterator: async () => quiet,
    getRecords: async () => ({ $metadata: {}, Records: [] }),
    listShards: async () => ({ $metadata: {}, Shards: [] }),
  },
  deadLetter: async ({ problem }) => {
    throw new Error(problem);
  },
};
