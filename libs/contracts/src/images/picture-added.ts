import * as z from 'zod/mini';
import { image, pictured } from '../common.ts';
import { defineEvent } from '../define-event.ts';

export const pictureAdded = defineEvent({
  type: 'images.PictureAdded.v1',
  description: 'A picture was uploaded, found good, and is served.',
  data: z.object({
    ...pictured,
    /** What it is asked for by, in any size and format. It never changes: another picture has another key. */
    key: z.string().check(z.minLength(1), z.maxLength(1024)),
    /** Ready to be shown. */
    image,
  }),
  subject: (data) => data.subject,
  example: {
    collection: 'products',
    subject: 'apple-braeburn',
    key: 'products/apple-braeburn/9f86d081884c7d65.jpg',
    image: { url: 'https://images.example/fit-in/600x600/products/apple-braeburn/9f86d081884c7d65.jpg', width: 600, height: 450 },
  },
});
