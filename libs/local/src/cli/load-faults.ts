import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FaultHook } from '../kernel/faults.ts';
import { workingDirectory } from './client.ts';
import { Failure } from './failure.ts';

/** A hook, or what makes one out of the environment's variables. */
type FaultModule = { readonly default?: FaultHook | ((env: NodeJS.ProcessEnv) => FaultHook | Promise<FaultHook>) };

/**
 * Imports the module of `--faults`; without one nothing goes wrong on purpose.
 *
 * @throws {Failure} when it cannot be imported, or its default export is neither a hook nor makes one.
 */
export async function loadFaults(module: string | undefined): Promise<FaultHook> {
  if (module === undefined) return {};
  const { href } = pathToFileURL(resolve(workingDirectory(), module));
  try {
    const { default: exported } = (await import(href)) as FaultModule;
    const hook: unknown = typeof exported === 'function' ? await exported(process.env) : exported;
    if (typeof hook === 'object' && hook !== null) return hook;
  } catch (error) {
    throw new Failure(`--faults ${module} cannot be loaded: ${(error as Error).message}`, { exitCode: 2, cause: error });
  }
  throw new Failure(`--faults ${module} has no default export that is a FaultHook or makes one.`, { exitCode: 2 });
}
