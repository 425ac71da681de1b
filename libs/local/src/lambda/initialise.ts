import type { IamPort } from '../kernel/ports.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { runtimeMajor, toEnvironment, type Deployment } from './configuration.ts';
import type { Initialisation } from './environment.ts';
import { tellLog } from './logs.ts';
import type { Member } from './pool.ts';

/** As Lambda: initialisation has ten seconds, or the function's timeout when that is longer. */
const INIT_MS = 10_000;

/** Loads a version's code into an environment, with the variables and the credentials of its role. */
export async function initialise(kernel: Kernel, iam: IamPort, deployment: Deployment, member: Member): Promise<Initialisation> {
  const { configuration, code } = deployment;
  const { roleArn, functionName, handler, runtime, timeoutMs } = configuration;
  const environment = toEnvironment(kernel, deployment, iam.credentialsFor({ roleArn, functionName }));
  return member.environment.bind(
    { kind: 'bind', environment, taskRoot: code.directory, handler, runtimeMajor: runtimeMajor(runtime) },
    { timeoutMs: Math.max(INIT_MS, timeoutMs), log: (requestId, text) => tellLog(kernel, configuration, requestId, text, member.onLog) },
  );
}
