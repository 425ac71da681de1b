import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../kernel/kernel.ts';
import { unpack, type Code } from './archive.ts';
import type { Deployment } from './configuration.ts';
import type { Fleet } from './fleet.ts';
import type { Functions } from './functions.ts';

/** The unpacked code of all versions, and what becomes of it. */
export interface CodeFolders {
  /** Does one thing at a time: code that is being removed must not be found and used again, as when an edit is taken back. */
  inTurn<Result>(act: () => Promise<Result>): Promise<Result>;
  /** @throws {AwsError} as {@link unpack} does. */
  unpack(code: Readonly<Record<string, unknown>>, packageDirectory: string): Promise<Code>;
  /** Ends a version's environments when they have ended their work, and removes its code when no other version runs it. */
  retire(deployment: Deployment): void;
  /** Removes code that an earlier start has left and that nothing runs any more. */
  tidy(): Promise<void>;
}

export function createCodeFolders(kernel: Kernel, functions: Functions, fleet: Fleet): CodeFolders {
  let turn: Promise<unknown> = Promise.resolve();
  const retiring = new Set<Deployment>();

  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(act);
    turn = result.catch(() => {});
    return result;
  };
  const isUsed = (directory: string): boolean =>
    [...[...functions.all.values()].flatMap((fn) => [fn.latest, ...fn.versions.values()]), ...retiring].some(
      ({ code }) => code.directory === directory,
    );
  const remove = (directory: string): Promise<void> =>
    inTurn(async () => {
      if (!isUsed(directory)) await rm(directory, { recursive: true, force: true });
    });

  return {
    inTurn,
    unpack: (code, packageDirectory) => unpack(code, packageDirectory, join(kernel.stateDirectory ?? packageDirectory, 'code')),
    retire(deployment) {
      retiring.add(deployment);
      const gone = fleet.retire(deployment).then(() => {
        retiring.delete(deployment);
        return remove(deployment.code.directory);
      });
      gone.catch((error: unknown) =>
        kernel.tell({
          kind: 'notice',
          at: kernel.now(),
          level: 'warn',
          message: `Old code of ${deployment.configuration.functionName} stays on disk: ${String(error)}`,
        }),
      );
    },
    async tidy() {
      // Without a state directory the code is with the package, and goes with it.
      if (kernel.stateDirectory === undefined) return;
      const folder = join(kernel.stateDirectory, 'code');
      for (const name of await readdir(folder).catch(() => [])) await remove(join(folder, name));
    },
  };
}
