import { imagesApi } from '@larder/contracts/images/images-api';
import { cloudfront } from '@larder/service/aws/cloudfront';
import { s3 } from '@larder/service/aws/s3';
import { environment } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import * as z from 'zod/mini';
import { folderOf } from '../result-name.ts';
import { purgePictures } from './purge-pictures.ts';

const { PICTURES_BUCKET, RESULTS_BUCKET, DISTRIBUTION_ID } = environment(
  z.object({ PICTURES_BUCKET: z.string(), RESULTS_BUCKET: z.string(), DISTRIBUTION_ID: z.string() }),
);

export const handler = onRequest(imagesApi, 'purgePictures', purgePictures({ forget, invalidate }));

async function forget(key: string): Promise<number> {
  const place = { Bucket: RESULTS_BUCKET, Prefix: folderOf({ bucket: PICTURES_BUCKET, key }) };
  let forgotten = 0;
  for (let more = true; more;) {
    // From the start each time: what was listed is gone.
    const { Contents = [], IsTruncated = false } = await s3.listObjectsV2(place);
    const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (Objects.length > 0) {
      const { Errors = [] } = await s3.deleteObjects({ Bucket: RESULTS_BUCKET, Delete: { Objects, Quiet: true } });
      if (Errors.length > 0) throw new Error(`S3 could not delete ${Errors.length} results: ${Errors[0]?.Code}`);
    }
    forgotten += Objects.length;
    more = IsTruncated;
  }
  return forgotten;
}

/** One path, whatever the number of pictures: their addresses cannot be listed, because a request in Base64 begins with anything. */
async function invalidate(): Promise<void> {
  await cloudfront.createInvalidation({
    DistributionId: DISTRIBUTION_ID,
    InvalidationBatch: { CallerReference: ulid(), Paths: { Quantity: 1, Items: ['/*'] } },
  });
}
