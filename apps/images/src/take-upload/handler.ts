import { pictureAdded } from '@larder/contracts/images/picture-added';
import { pictureRefused } from '@larder/contracts/images/picture-refused';
import { onBucketChange } from '@larder/service/on-bucket-change';
import { publish } from '@larder/service/publish';
import { liveSecrets } from '../signing-keys.ts';
import { addressOf } from './address-of.ts';
import { forgetUpload, keepPicture, readUpload } from './buckets.ts';
import { remake } from './remake.ts';
import { settings } from './settings.ts';
import { takeUpload } from './take-upload.ts';

const { ADDRESS, PICTURES_BUCKET, SIGNATURES, SOURCE_BUCKETS } = settings;
const bucket = SOURCE_BUCKETS === '' ? undefined : PICTURES_BUCKET;

export const handler = onBucketChange(
  takeUpload({
    read: readUpload,
    remake: remake(() => new Date()),
    keep: keepPicture,
    addressOf: async (key, size) => addressOf(key, size, { address: ADDRESS, bucket, secrets: await liveSecrets(SIGNATURES) }),
    sayAdded: ({ cause, ...news }) => publish(pictureAdded, news, cause),
    sayRefused: ({ cause, ...news }) => publish(pictureRefused, news, cause),
    forget: forgetUpload,
  }),
);
