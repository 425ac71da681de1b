import { secretsManager } from './aws/secrets-manager.ts';
import { createCache } from './cache.ts';
import { variable } from './environment.ts';

const secrets = /* @__PURE__ */ createCache({ load, timeToLive: 5 * 60_000, now: () => performance.now() });

/**
 * A secret by its name in `access`: `psp-sandbox/api-key` is the one whose name at AWS the environment has as `PSP_SANDBOX_API_KEY_SECRET`. Kept for 5 minutes, so that a rotated
 * one is taken up without a deploy.
 *
 * @throws {AwsFailure} when it was never read and cannot be.
 */
export function secret(name: string): Promise<string> {
  return secrets.get(`${name.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_SECRET`);
}

async function load(variableName: string): Promise<string> {
  const { SecretString } = await secretsManager.getSecretValue({ SecretId: variable(variableName) });
  return String(SecretString);
}
