import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

it('a page gets less than 2 KB, minified and gzipped', async () => {
  const options = { bundle: true, write: false, minify: true, format: 'esm', platform: 'browser', target: 'es2022' } as const;
  const stdin = {
    contents: `import { createTracker } from './tracker.ts'; use(createTracker);`,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  };
  const { outputFiles } = await build({ ...options, stdin, logLevel: 'silent' });
  expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThan(2048);
});
