import {
  CloudFrontClient,
  CreateInvalidationCommand,
  type CreateInvalidationCommandInput,
  type CreateInvalidationCommandOutput,
} from '@aws-sdk/client-cloudfront';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** CloudFront, as far as services use it. */
export interface CloudFront {
  readonly createInvalidation: Operation<CreateInvalidationCommandInput, CreateInvalidationCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new CloudFrontClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const cloudfront: CloudFront = {
  createInvalidation: (input, options) => call((http) => client().send(new CreateInvalidationCommand(input), http), options),
};
