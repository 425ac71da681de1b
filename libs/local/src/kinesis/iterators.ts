import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** A place in a shard: after a sequence. */
export interface Place {
  readonly name: string;
  readonly shard: number;
  readonly after: number;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFE = 5 * 60 * 1000;

/** Iterators carry their place, and say when they were made: they live five minutes, and a restart ends them. */
export function createIterators(kernel: Kernel) {
  const secret = randomUUID();
  const parse = (iterator: string) => {
    const [mark, name, shard, after, made] = Buffer.from(iterator, 'base64url').toString().split('|');
    if (mark !== secret || name === undefined) return undefined;
    return { name, shard: Number(shard), after: Number(after), made: Number(made) };
  };
  return {
    make: ({ name, shard, after }: Place): string =>
      Buffer.from([secret, name, shard, after, kernel.now()].join('|')).toString('base64url'),
    /** @throws {AwsError} `InvalidArgumentException`, `ExpiredIteratorException`. */
    read(iterator: string): Place {
      const place = parse(iterator);
      if (!place) throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
      if (kernel.now() - place.made > LIFE) throw new AwsError('ExpiredIteratorException', 'Iterator expired. It lives five minutes.');
      return place;
    },
    /** The stream of an iterator, if it is one. */
    peek: (iterator: string): string | undefined => parse(iterator)?.name,
  };
}
