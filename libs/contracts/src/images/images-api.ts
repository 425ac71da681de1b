import * as z from 'zod/mini';
import { instant, pictured } from '../common.ts';
import { defineApi } from '../define-api.ts';

/** Of pictures that can be brought, and made into something. */
// prettier-ignore
export const pictureTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff', 'image/svg+xml'] as const;

const count = z.int().check(z.nonnegative());

export const imagesApi = defineApi({
  service: 'images',
  description: 'Pictures, in any size and format. They are asked for at the distribution; this is for those who bring them.',
  routes: {
    requestUpload: {
      method: 'POST',
      path: '/uploads',
      auth: 'iam',
      // Who asks again gets another form.
      idempotent: true,
      summary: 'Ask for a form with which one picture can be uploaded, by whoever has it',
      body: z.object({
        ...pictured,
        /** What the form will have to say. What the picture is shows when it has come. */
        contentType: z.enum(pictureTypes),
      }),
      success: {
        status: 201,
        body: z.object({
          /** Where the form is sent, as multipart/form-data: the fields first, and the picture as `file`. */
          url: z.url(),
          fields: z.record(z.string(), z.string()),
          maximumBytes: count,
          expiresAt: instant,
        }),
      },
      example: {
        body: { collection: 'products', subject: 'apple-braeburn', contentType: 'image/jpeg' },
        response: {
          url: 'https://uploads.s3.eu-west-1.amazonaws.com/',
          fields: { key: 'products/apple-braeburn/01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', 'Content-Type': 'image/jpeg' },
          maximumBytes: 41_943_040,
          expiresAt: '2026-11-02T09:35:00.000Z',
        },
      },
    },
    purgePictures: {
      method: 'POST',
      path: '/purges',
      auth: 'iam',
      idempotent: true,
      summary: 'Forget all that was ever made of pictures, and have the distribution forget what it keeps',
      body: z.object({ keys: z.array(z.string().check(z.minLength(1), z.maxLength(1024))).check(z.minLength(1), z.maxLength(20)) }),
      success: { status: 200, body: z.object({ results: count }) },
      example: { body: { keys: ['products/apple-braeburn/5f3c.jpg'] }, response: { results: 12 } },
    },
  },
});
