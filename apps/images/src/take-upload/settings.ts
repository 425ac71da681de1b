import { environment } from '@larder/service/environment';
import * as z from 'zod/mini';

export const settings = environment(
  z.object({
    UPLOADS_BUCKET: z.string(),
    PICTURES_BUCKET: z.string(),
    /** Where the distribution is. */
    ADDRESS: z.url(),
    /** Where there are others, the bucket of pictures is named in addresses. */
    SOURCE_BUCKETS: z.string(),
    SIGNATURES: z.enum(['off', 'required']),
  }),
);
