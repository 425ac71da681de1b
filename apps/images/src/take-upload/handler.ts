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

export const handler = onBucketChange(
  takeUpload({
    read: readUpload,
    remake: remake(() => new Date()),
    keep: keepPicture,
    addressOf: async (key, size) => addressOf(key, size, { address: settings.ADDRESS, secrets: await liveSecrets(settings.SIGNATURES) }),
    sayAdded: ({ cause, ...news }) => publish(pictureAdded, news, cause),
    sayRefused: ({ cause, ...news }) => publish(pictureRefused, news, cause),
    forget: forgetUpload,
  }),
);
