import { imagesApi } from '@larder/contracts/images/images-api';
import { environment } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import * as z from 'zod/mini';
import { toUploadForm } from '../upload-form.ts';
import { requestUpload } from './request-upload.ts';

const { UPLOADS_BUCKET } = environment(z.object({ UPLOADS_BUCKET: z.string() }));

export const handler = onRequest(
  imagesApi,
  'requestUpload',
  requestUpload({
    form: (key, contentType) => toUploadForm({ bucket: UPLOADS_BUCKET, key, contentType }),
    newId: ulid,
    now: () => new Date(),
  }),
);
