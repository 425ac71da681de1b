import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration, FunctionConfig } from './osls.ts';

const extensions = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.jsx', '/index.ts', '/index.js'];

/** A sentence for each function whose handler is not there. serverless-esbuild's own says neither which file nor where. */
export function missingHandlers(functions: Readonly<Record<string, FunctionConfig>>, serviceDir: string): string[] {
  return Object.entries(functions).flatMap(([key, { handler }]) => {
    if (handler === undefined) return [];
    const file = handler.slice(0, handler.lastIndexOf('.'));
    if (extensions.some((extension) => existsSync(join(serviceDir, file + extension)))) return [];
    return [`functions.${key}.handler: there is no ${file}.ts; write it, with 'export const handler', or correct the path.`];
  });
}

/** A sentence when the handlers would not be bundled, or before the publisher's is there. */
export function pluginOrder({ plugins, functions }: Configuration & { functions: object }): string[] {
  if (Object.keys(functions).length === 0) return [];
  const bundler = plugins.indexOf('serverless-esbuild');
  if (bundler > plugins.indexOf('@larder/infra')) return [];
  return [`plugins: write "plugins: ['@larder/infra', serverless-esbuild]", in this order.`];
}
