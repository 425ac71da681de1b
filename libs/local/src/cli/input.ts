import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { workingDirectory } from './client.ts';
import { Failure } from './failure.ts';

/**
 * The value of `--data`: JSON as it stands, `@file`, or `-` for standard input.
 *
 * @throws {Failure} when it cannot be read or is not JSON.
 */
export function readData(data: string): unknown {
  const text = readText(data);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Failure(`--data is not JSON: ${(error as Error).message}`, { exitCode: 2, cause: error });
  }
}

function readText(data: string): string {
  if (data !== '-' && !data.startsWith('@')) return data;
  try {
    return readFileSync(data === '-' ? 0 : resolve(workingDirectory(), data.slice(1)), 'utf8');
  } catch (error) {
    throw new Failure(`--data ${data} cannot be read: ${(error as Error).message}`, { exitCode: 2, cause: error });
  }
}
