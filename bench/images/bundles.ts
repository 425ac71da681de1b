import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Contest } from './cases.ts';
import { contestants, type ContestantName } from './rounds.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where apps/images has what a contestant is made of. */
const app = {
  serveImage: 'serve-image/serve-image.ts',
  readRequest: 'request/read-request.ts',
  nameIn: 'request/place.ts',
  transform: 'transform/transform.ts',
  ImageError: 'image-error.ts',
};

const entries: Record<ContestantName, string> = {
  raw: `export { contest } from './contestants/raw.ts';`,
  ipx: `export { contest } from './contestants/ipx.ts';`,
  ours: [
    ...Object.entries(app).map(([name, file]) => `import { ${name} } from '../../apps/images/src/${file}';`),
    `import { contestOf } from './contestants/ours.ts';`,
    `export const contest = contestOf({ ${Object.keys(app).join(', ')} });`,
  ].join('\n'),
};

/** Each in one file, as the plugin bundles a function: minified, ESM, sharp beside it. */
export async function bundle(folder: string): Promise<Record<ContestantName, string>> {
  await mkdir(folder, { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const files = await Promise.all(contestants.map(async (name) => [name, await bundleOne(name, join(folder, `${name}.mjs`))] as const));
  return Object.fromEntries(files) as Record<ContestantName, string>;
}

async function bundleOne(name: ContestantName, outfile: string): Promise<string> {
  await build({
    stdin: { contents: entries[name], resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['sharp'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return outfile;
}

export async function contestIn(file: string): Promise<Contest> {
  const { contest } = (await import(pathToFileURL(file).href)) as { contest: Contest };
  return contest;
}
