import { join } from 'node:path';
import type { Command } from 'commander';
import { Failure } from './failure.ts';
import { larderDirectory, readRunning } from './running-file.ts';

/** Asks a running cloud. */
export interface Client {
  readonly endpoint: string;
  /** @throws {Failure} when no cloud runs, or with what it answers instead of a result. */
  get<Result>(path: string): Promise<Result>;
  post<Result>(path: string, body?: unknown): Promise<Result>;
  /** Items of a stream as they come, until the cloud ends. */
  stream<Item>(path: string): AsyncIterable<Item>;
}

const DEFAULT_ENDPOINT = 'http://localhost:4566';

/** A client of the cloud that a command means: `--endpoint`, or the one that runs this folder, or the default port. */
export function clientOf(command: Command): Client {
  const { endpoint = runningHere() ?? DEFAULT_ENDPOINT } = command.optsWithGlobals<{ endpoint?: string }>();
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new Failure(`--endpoint ${endpoint} is no address: write http://localhost:<port>.`, { exitCode: 2 });
  }
  return createClient(endpoint.replace(/\/$/, ''));
}

export function createClient(endpoint: string): Client {
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${endpoint}${path}`, init);
    } catch (error) {
      // A function may take longer than `fetch` waits.
      if ((error as { cause?: { code?: string } }).cause?.code === 'UND_ERR_HEADERS_TIMEOUT')
        throw new Failure(
          `The cloud at ${endpoint} has not answered for five minutes. What it was asked for goes on there: see its logs.`,
          {
            cause: error,
          },
        );
      throw new Failure(`No cloud is running at ${endpoint}. Start one with \`npm start\`, or name another with --endpoint.`, {
        cause: error,
      });
    }
    if (response.ok) return response;
    // The cloud knows no such service, function or queue, or cannot read what was given.
    const exitCode = response.status === 404 || response.status === 400 ? 2 : 1;
    throw new Failure(messageOf(await response.text(), response.status), { exitCode });
  };
  return {
    endpoint,
    get: async <Result>(path: string) => (await (await ask(path)).json()) as Result,
    post: async <Result>(path: string, body: unknown = {}) => {
      const headers = { 'content-type': 'application/json' };
      return (await (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as Result;
    },
    async *stream<Item>(path: string) {
      const { body } = await ask(path);
      let rest = '';
      try {
        for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') yield JSON.parse(line) as Item;
        }
      } catch (error) {
        throw new Failure('The cloud has ended.', { cause: error });
      }
    },
  };
}

/** Where the person stands: npm runs scripts in the folder of the workspace. */
export function workingDirectory(): string {
  return process.env['INIT_CWD'] ?? process.cwd();
}

function runningHere(): string | undefined {
  const folders = new Set([workingDirectory(), process.cwd()]);
  return [...folders].map((folder) => readRunning(join(larderDirectory(folder), 'state'))).find((found) => found)?.endpoint;
}

function messageOf(body: string, status: number): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    if (message) return message;
  } catch {
    // Plain text.
  }
  return body.trim() || `The cloud answered ${status}.`;
}
