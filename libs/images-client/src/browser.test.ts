import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const resolveDir = fileURLToPath(new URL('.', import.meta.url));
const modules = readdirSync(resolveDir).filter((file) => !/\.test(-d)?\.ts$|^sign-address\.ts$/.test(file));

/** What modules add to the script of a page that uses all that they export. */
async function bundled(files: readonly string[]): Promise<Uint8Array> {
  const exported = await Promise.all(files.map(async (file) => Object.keys((await import(`./${file}`)) as object)));
  const imports = files.map((file, index) => `import { ${exported[index]} } from './${file}';`).join('\n');
  const options = { bundle: true, write: false, minify: true, format: 'esm', platform: 'browser', target: 'es2022' } as const;
  const stdin = { contents: `${imports}\nuse(${exported.flat()});`, resolveDir };
  const { outputFiles } = await build({ ...options, stdin, logLevel: 'silent' });
  return outputFiles[0]!.contents;
}

describe('in a browser', () => {
  it('all of it together is less than 1 KB', async () => {
    expect(modules).toContain('address.ts');
    expect(gzipSync(await bundled(modules)).length).toBeLessThan(1024);
  });

  it('nothing can be signed', async () => {
    await expect(bundled(['sign-address.ts'])).rejects.toThrow('node:crypto');
  });
});
