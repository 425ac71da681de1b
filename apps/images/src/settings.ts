import { environment } from '@larder/service/environment';
import * as z from 'zod/mini';

/** What whoever deploys the service decides: parameters of serverless.yml, checked when the function starts. */
export const settings = environment(
  z.object({
    PICTURES_BUCKET: z.string(),
    RESULTS_BUCKET: z.string(),
    /** `required`: every request must be signed by a live secret. */
    SIGNATURES: z.enum(['off', 'required']),
    /** Buckets that others have, between commas. The first of all is meant where a request names none. */
    FOREIGN_BUCKETS: z._default(z.string(), ''),
    /** `policies-only`: of edits only those of named policies. */
    EDITS: z.enum(['all', 'policies-only']),
    /** `on`: Rekognition is asked for faces, and for what should not be shown. */
    RECOGNITION: z.enum(['on', 'off']),
    /** Formats, best first, that a client gets which takes them and asks for none. Empty: the picture's own. */
    AUTO_FORMATS: z.pipe(
      z.string().check(z.regex(/^((avif|webp)(,(avif|webp))*)?$/)),
      z.transform((text) => text.split(',').filter((format): format is 'avif' | 'webp' => format !== '')),
    ),
    /** Whose pages may read the pixels; empty for nobody's. */
    CORS_ORIGIN: z.string().check(z.regex(/^(\*|https?:\/\/[^/*]+)?$/)),
    /** A picture that is served, with the error's status, in place of one that cannot be; empty for none. */
    FALLBACK_KEY: z.string().check(z.maxLength(1024)),
  }),
);
