import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { ownSourceMap } from './own-source-map.ts';

async function mapOf(plugins: (typeof ownSourceMap)[]): Promise<{ sources: string[]; mappings: string }> {
  const contents = `import * as z from 'zod/mini';\nexport const schema = z.string();\nexport const line = () => { throw new Error('here'); };\n`;
  const resolveDir = fileURLToPath(new URL('../../contracts/src', import.meta.url));
  const options = { bundle: true, write: false, sourcemap: 'linked', sourcesContent: false, outdir: 'out', format: 'esm' } as const;
  const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir, sourcefile: 'ours.ts' }, plugins });
  const map = outputFiles.find(({ path }) => path.endsWith('.map'));
  return JSON.parse(map?.text ?? '{}') as { sources: string[]; mappings: string };
}

test('a map knows our lines, and the files of packages, at a fraction of the size', async () => {
  const [whole, own] = await Promise.all([mapOf([]), mapOf([ownSourceMap])]);
  expect(own.sources.some((source) => source.endsWith('ours.ts'))).toBe(true);
  expect(own.sources.some((source) => source.endsWith('zod/v4/core/core.js'))).toBe(true);
  expect(own.mappings.length).toBeLessThan(whole.mappings.length / 10);
});
