import type { Kernel } from '../kernel/kernel.ts';
import type { PackagedService } from '../package/packager.ts';
import type { StackDeployer } from './deploy-stack.ts';
import { inOrder } from './order.ts';
import { MissingSsmParameter } from './parameters.ts';
import { serviceDependencies, stackInterface } from './stack-dependencies.ts';
import type { DeployedStack } from './stack-store.ts';

export interface StackOutcome {
  readonly packaged: PackagedService;
  /** What stands, or why it does not. */
  readonly result: { readonly stack: DeployedStack } | { readonly error: Error };
}

/**
 * Deploys stacks, each after those that make what it needs and beside those that it does not depend on. One that fails
 * does not keep others from being tried.
 *
 * @throws {CycleError} when services wait for each other.
 */
export async function deployStacks(
  services: readonly PackagedService[],
  deployer: StackDeployer,
  kernel: Kernel,
): Promise<readonly StackOutcome[]> {
  const interfaces = new Map(services.map((service) => [service.source.name, stackInterface(service, kernel)]));
  const dependenciesOf = serviceDependencies(services, interfaces);
  const byName = new Map(services.map((service) => [service.source.name, service]));
  const outcomes = new Map<string, Promise<StackOutcome>>();

  for (const name of inOrder(byName.keys(), dependenciesOf)) {
    const packaged = byName.get(name) as PackagedService;
    const before = dependenciesOf(name).map((dependency) => outcomes.get(dependency));
    outcomes.set(
      name,
      Promise.all(before).then(async () => {
        try {
          return { packaged, result: { stack: await deployer.deploy(packaged) } };
        } catch (error) {
          return { packaged, result: { error: explain(error as Error) } };
        }
      }),
    );
  }
  return Promise.all(outcomes.values());

  function explain(error: Error): Error {
    if (!(error instanceof MissingSsmParameter)) return error;
    const provider = [...interfaces].find(([, { provides }]) => provides.has(error.parameter))?.[0];
    const why = provider === undefined ? 'no service here creates it' : `${provider} creates it, and is not running`;
    return new Error(`needs the SSM parameter ${error.parameter}: ${why}`, { cause: error });
  }
}
