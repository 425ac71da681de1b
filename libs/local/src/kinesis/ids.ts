import { AwsError } from '../kernel/aws-error.ts';

/** `shardId-000000000001` */
export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`;
}

/** @throws {AwsError} `InvalidArgumentException`. */
export function shardNumber(id: unknown): number {
  const digits = /^shardId-(\d{12})$/.exec(String(id))?.[1];
  if (digits !== undefined) return Number(digits);
  throw new AwsError('InvalidArgumentException', `Invalid ShardId: ${String(id).slice(0, 100)}`);
}

/** 56 digits, as AWS's have. */
export function sequenceNumber(sequence: number): string {
  return `49${String(sequence).padStart(54, '0')}`;
}

/** @throws {AwsError} `InvalidArgumentException`. */
export function sequenceOf(text: unknown): number {
  if (/^49\d{54}$/.test(String(text))) return Number(String(text).slice(2));
  throw new AwsError('InvalidArgumentException', 'SequenceNumber is none of this stream.');
}
