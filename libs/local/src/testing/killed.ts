import { spawnSync } from 'node:child_process';

/**
 * Runs a piece of a program in a process of its own and kills that process, as `kill -9` does, when the piece has come to its end:
 * nothing is closed, and nothing that is not on disk by then is left.
 *
 * @param base `import.meta.url` of the test: `load('./sqs.ts')` in the script is relative to it.
 * @param script the body of a module; `directory` is the second argument.
 * @throws when it did not come to its end.
 */
export function runAndKill(base: string, directory: string, script: string): void {
  const program = `
    const directory = ${JSON.stringify(directory)};
    const load = (path) => import(new URL(path, ${JSON.stringify(base)}));
    ${script}
    process.kill(process.pid, 'SIGKILL');`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
  if (signal !== 'SIGKILL') throw new Error(`The process ended by itself: ${stderr.toString()}`);
}
