import { environment } from '@larder/service/environment';
import * as z from 'zod/mini';

export const settings = environment(
  z.object({
    UPLOADS_BUCKET: z.string(),
    PICTURES_BUCKET: z.string(),
    /** Where the distribution is. */
    ADDRESS: z.url(),
    SIGNATURES: z.enum(['off', 'required']),
  }),
);
