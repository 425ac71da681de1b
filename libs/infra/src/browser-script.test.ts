import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { browserScript } from './browser-script.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'larder-browser-script-'))));
afterEach(() => rm(folder, { recursive: true }));

const bundle = async (files: Readonly<Record<string, string>>) => {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const entryPoints = [join(folder, 'handler.ts')];
  const { outputFiles } = await build({
    entryPoints,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [browserScript],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

const handler = `import script from './app.ts?browser'; export const handler = () => script;`;

test('a program for browsers is a text in the function, with what it imports', async () => {
  const text = await bundle({
    'handler.ts': handler,
    'app.ts': `import { word } from './word.ts'; document.title = word;`,
    'word.ts': `export const word = 'pear';`,
  });
  const { handler: serve } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { handler: () => string };
  expect(serve()).toMatch(/document\.title=\w+/);
  expect(serve()).toContain('pear');
});

test('one that does not build fails the build, and is named', async () => {
  await expect(bundle({ 'handler.ts': handler, 'app.ts': `import './missing.ts';` })).rejects.toThrow('missing.ts');
});
