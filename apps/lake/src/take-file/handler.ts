import { s3 } from '@larder/service/aws/s3';
import { AwsFailure } from '@larder/service/errors';
import { onBucketChange } from '@larder/service/on-bucket-change';
import { findFile, findUploaded, keepFileItem, keepUploaded } from '../files/datasets-table.ts';
import { findPartition, keepPartition, writeFile } from '../lake-store.ts';
import { tell } from '../notices.ts';
import { readTable } from './read-table.ts';
import { takeFile } from './take-file.ts';

/** @returns nothing when it is gone: it was taken before. */
async function read(Bucket: string, Key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.getObject({ Bucket, Key });
    return await Body?.transformToByteArray();
  } catch (error) {
    if (error instanceof AwsFailure && error.status === 404) return undefined;
    throw error;
  }
}

export const handler = onBucketChange(
  takeFile({
    ...{ read, writeFile, readTable, findUploaded, keepUploaded, findFile, keepFileItem, findPartition, keepPartition, tell },
    forget: async (Bucket, Key) => void (await s3.deleteObject({ Bucket, Key })),
  }),
);
