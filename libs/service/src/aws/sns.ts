import { PublishCommand, type PublishCommandInput, type PublishCommandOutput, SNSClient } from '@aws-sdk/client-sns';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** SNS, as far as services use it. */
export interface Sns {
  readonly publish: Operation<PublishCommandInput, PublishCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new SNSClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const sns: Sns = {
  publish: (input, options) => call((http) => client().send(new PublishCommand(input), http), options),
};
