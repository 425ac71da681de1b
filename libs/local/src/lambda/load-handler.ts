import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Callback = (error?: unknown, result?: unknown) => void;
export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;

/** Marks a handler that streams its answer, as Lambda's own runtime does. */
export const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** What Lambda's runtime brings along: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included */
const INCLUDED = /^(?:@aws-sdk|@smithy|@aws-crypto|@aws)\//;

/**
 * Loads a function's code and finds its handler in it.
 * @param name `folder/file.export`, where the export may be nested
 * @throws {Error} named as Lambda names it: `Runtime.ImportModuleError`, `Runtime.HandlerNotFound`, …
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-naming
 */
export async function loadHandler(taskRoot: string, name: string, runtimeMajor: number): Promise<Handler> {
  const file = basename(name);
  const dot = file.indexOf('.');
  if (dot < 1 || name.includes('..'))
    throw named('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name: it is file.export`);
  const path = resolve(taskRoot, dirname(name), file.slice(0, dot));
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find((candidate) => existsSync(candidate));
  if (found === undefined)
    throw named(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${join(dirname(name), file.slice(0, dot))}'\nRequire stack:\n- ${taskRoot}`,
    );
  onlyFromArchive(taskRoot);
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(found).href)) as Record<string, unknown>;
  } catch (error) {
    const code = (error as { code?: unknown } | undefined)?.code;
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', String(error), error);
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw named('Runtime.ImportModuleError', String(error), error as Error);
    throw error;
  }
  const names = file.slice(dot + 1).split('.');
  const reached = reach(loaded, names) ?? reach(loaded['default'], names);
  if (reached === undefined) throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof reached !== 'function') throw named('Runtime.HandlerNotFound', `${name} is not a function`);
  // A streaming handler has three parameters, too.
  if (runtimeMajor >= 24 && reached.length >= 3 && !(STREAMING in reached))
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'Lambda has no callback-based handlers from Node.js 24 on: return a promise instead (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html)',
    );
  return reached as Handler;
}

function reach(from: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
    from,
  );
}

/** A package that the archive lacks would be found in the folders around it here, and nowhere on AWS. */
function onlyFromArchive(taskRoot: string): void {
  const root = `${pathToFileURL(taskRoot).href}/`;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const leaves = context.parentURL?.startsWith(root) && resolved.url.startsWith('file:') && !resolved.url.startsWith(root);
      if (leaves && !INCLUDED.test(specifier))
        throw Object.assign(new Error(`Cannot find package '${specifier}': it is not in the function's archive`), {
          code: 'ERR_MODULE_NOT_FOUND',
        });
      return resolved;
    },
  });
}

/** An error with the name that Lambda answers as its type. */
export function named(name: string, message: string, cause?: Error): Error {
  const error = new Error(message, { cause });
  error.name = name;
  if (cause?.stack !== undefined) error.stack = `${name}: ${cause.stack}`;
  return error;
}
