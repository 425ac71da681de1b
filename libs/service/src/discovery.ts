import { ssm } from './aws/ssm.ts';
import { createCache } from './cache.ts';
import { variable } from './environment.ts';
import { AwsFailure, CallFailed } from './errors.ts';

/** Finds a service's base address in its stage's registry: `/larder/<stage>/<service>/api-url` in the SSM Parameter Store. Kept for 5 minutes, and longer while SSM cannot be reached. */
export type Discover = (service: string) => Promise<string>;

const addresses = /* @__PURE__ */ createCache({ load, timeToLive: 5 * 60_000, now: () => performance.now() });

/** @throws {CallFailed} `NOT_DISCOVERED`. */
export const discover: Discover = (service) => addresses.get(service);

async function load(service: string): Promise<string> {
  const Name = `/larder/${variable('STAGE')}/${service}/api-url`;
  try {
    const { Parameter } = await ssm.getParameter({ Name });
    return String(Parameter?.Value);
  } catch (error) {
    const missing = error instanceof AwsFailure && error.awsCode === 'ParameterNotFound';
    const message = missing ? `There is no ${Name}: deploy ${service} to this stage` : `${Name} could not be read`;
    throw new CallFailed('NOT_DISCOVERED', message, { cause: error });
  }
}
