import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../stack/template.ts';
import { runServerless } from './run-serverless.ts';
import type { ServiceSource } from './service-source.ts';

/** A service as `serverless package` left it: what is deployed. */
export interface PackagedService {
  readonly source: ServiceSource;
  readonly stackName: string;
  /** Templates and archives. */
  readonly directory: string;
  readonly template: Template;
  /** Physical name by the function's key in `serverless.yml`. */
  readonly functions: Readonly<Record<string, string>>;
  /** Values that the configuration gives to parameters of the template (`provider.stackParameters`). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly hash: string;
  /** Whether it was there already. */
  readonly cached: boolean;
  readonly ms: number;
}

export interface PackagerOptions {
  /** Holds one folder per service, and in it one per content hash. */
  readonly cacheDirectory: string;
  readonly stage: string;
  readonly region: string;
  /** How many services are packaged at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told when a service has to be packaged, as that takes seconds. */
  onStart?(service: ServiceSource): void;
}

export interface Packager {
  /**
   * @param signal ends it when the content has changed meanwhile.
   * @throws {Error} with the tool's own message.
   */
  package(service: ServiceSource, hash: string, signal?: AbortSignal): Promise<PackagedService>;
}

/** A developer goes back and forth between a few states of the code; older ones are made again. */
const KEPT_PER_SERVICE = 5;

/** Packages services, a few at a time, and keeps what it packaged by content. */
export function createPackager(options: PackagerOptions): Packager {
  const turn = turnstile(options.concurrency);
  return {
    async package(source, hash, signal) {
      const startedAt = performance.now();
      const directory = join(options.cacheDirectory, source.name, hash);
      const cached = existsSync(directory);
      if (cached) await touch(directory);
      else await turn(() => make(source, directory, signal ? { ...options, signal: AbortSignal.any([options.signal, signal]) } : options));
      return { ...(await readPackage(source, directory, options.stage)), hash, cached, ms: Math.round(performance.now() - startedAt) };
    },
  };
}

async function make(source: ServiceSource, directory: string, options: PackagerOptions): Promise<void> {
  if (existsSync(directory)) return;
  options.signal.throwIfAborted();
  options.onStart?.(source);
  // Under another name until it is whole: whoever is ended in the middle leaves nothing that looks finished.
  const unfinished = `${directory}.${process.pid}.part`;
  try {
    await mkdir(unfinished, { recursive: true });
    const compileCache = join(options.cacheDirectory, '.compiled');
    await runServerless(source, {
      stage: options.stage,
      region: options.region,
      directory: unfinished,
      compileCache,
      signal: options.signal,
    });
    await rename(unfinished, directory).catch((error: unknown) => {
      // Another process has packaged the same content meanwhile.
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Removes the packages that were not used for longest, but for those that are named. */
export async function prunePackages(cacheDirectory: string, used: ReadonlySet<string>): Promise<void> {
  for (const service of await list(cacheDirectory)) {
    if (service.startsWith('.')) continue;
    const directories = (await list(join(cacheDirectory, service))).map((each) => join(cacheDirectory, service, each));
    const dated = await Promise.all(directories.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
    const old = dated.sort((a, b) => b.at - a.at).slice(KEPT_PER_SERVICE);
    await Promise.all(old.filter(({ path }) => !used.has(path)).map(({ path }) => rm(path, { recursive: true, force: true })));
  }
}

async function readPackage(
  source: ServiceSource,
  directory: string,
  stage: string,
): Promise<Omit<PackagedService, 'hash' | 'cached' | 'ms'>> {
  const template = (await readJson(join(directory, 'cloudformation-template-update-stack.json'))) as Template;
  const state = (await readJson(join(directory, 'serverless-state.json'))) as ServerlessState;
  const functions = Object.entries(state.service.functions ?? {}).flatMap(([key, { name }]) =>
    name === undefined ? [] : [[key, name] as const],
  );
  const stackName = state.service.provider?.stackName ?? `${state.service.service}-${stage}`;
  const given = (state.service.provider?.stackParameters ?? []).map((each) => [each.ParameterKey, each.ParameterValue] as const);
  return { source, stackName, directory, template, functions: Object.fromEntries(functions), parameters: Object.fromEntries(given) };
}

/** What is needed of `serverless-state.json`, which the framework writes beside the templates. */
interface ServerlessState {
  readonly service: {
    readonly service: string;
    readonly provider?: {
      readonly stackName?: string;
      readonly stackParameters?: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];
    };
    readonly functions?: Readonly<Record<string, { readonly name?: string }>>;
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** Lets so many in at once; the others wait in line. */
function turnstile(places: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
