import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** Secrets Manager, as far as the kit uses it. */
export interface SecretsManager {
  readonly getSecretValue: Operation<GetSecretValueCommandInput, GetSecretValueCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new SecretsManagerClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const secretsManager: SecretsManager = {
  getSecretValue: (input, options) => call((http) => client().send(new GetSecretValueCommand(input), http), options),
};
