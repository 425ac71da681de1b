import { defineConfiguration } from './configuration/define-configuration.ts';

/**
 * What whoever deploys the service decides beyond the parameters of serverless.yml. It is reviewed, tested and deployed like everything else; README.md shows what can stand here.
 *
 * A policy is a named preset: `?policyId=card`, with any form of request.
 */
export const configuration = defineConfiguration({
  policies: {
    /** A product among others on a page. */
    card: {
      edits: { resize: { width: 600, height: 600, fit: 'inside', withoutEnlargement: true } },
      outputs: [
        { type: 'format', value: 'auto' },
        { type: 'quality', value: [80, [2, 9, 60]] },
      ],
    },
    /** Somebody's face, or what comes closest. */
    avatar: { edits: { resize: { width: 160, height: 160, fit: 'cover' }, smartCrop: true, roundCrop: true, toFormat: 'webp' } },
  },
});
