import { GetParameterCommand, type GetParameterCommandInput, type GetParameterCommandOutput, SSMClient } from '@aws-sdk/client-ssm';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** The Systems Manager's Parameter Store, as far as the kit uses it. */
export interface Ssm {
  readonly getParameter: Operation<GetParameterCommandInput, GetParameterCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new SSMClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const ssm: Ssm = {
  getParameter: (input, options) => call((http) => client().send(new GetParameterCommand(input), http), options),
};
