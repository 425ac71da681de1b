import * as z from 'zod/mini';
import { pictured } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const pictureRefused = defineEvent({
  type: 'images.PictureRefused.v1',
  description: 'What was uploaded is no picture that is served, or beyond the limits. It was deleted.',
  data: z.object({
    ...pictured,
    /** Of the images service: `InstantiationError`, `TooLargeImageException`. */
    code: z.string().check(z.maxLength(100)),
    message: z.string().check(z.maxLength(500)),
  }),
  subject: (data) => data.subject,
  example: {
    collection: 'products',
    subject: 'apple-braeburn',
    code: 'TooLargeImageException',
    message: 'The picture has more than 50000000 pixels (over all of its frames).',
  },
});
