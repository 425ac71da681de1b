import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running cloud answers, written down for commands in the same folder. */
export interface RunningCloud {
  readonly pid: number;
  readonly endpoint: string;
}

const FILE = 'running.json';

/** Where a folder keeps what the cloud writes. */
export function larderDirectory(folder: string): string {
  return join(folder, '.larder');
}

/** The cloud that runs a state directory, if its process is alive. */
export function readRunning(directory: string): RunningCloud | undefined {
  try {
    const running = JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as RunningCloud;
    process.kill(running.pid, 0);
    return running;
  } catch {
    // None was started, or it ended without tidying up.
    return undefined;
  }
}

export function writeRunning(directory: string, running: RunningCloud): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, FILE), JSON.stringify(running));
}

export function removeRunning(directory: string): void {
  rmSync(join(directory, FILE), { force: true });
}
