import { environment } from '@larder/service/environment';
import * as z from 'zod/mini';

/** The demo's own: it has less in its environment than what serves pictures. */
export const settings = environment(
  z.object({
    PICTURES_BUCKET: z.string(),
    /** `on`: anybody who reaches the page may put pictures into the bucket. */
    DEMO: z.enum(['on', 'off']),
  }),
);
