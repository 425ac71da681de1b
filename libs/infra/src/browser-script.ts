import { dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const suffix = /\?browser$/;

/** `import script from './app.ts?browser'` is the text of a program for browsers: bundled and minified, so that a function can serve it. */
export const browserScript: Plugin = {
  name: 'browser-script',
  setup(build) {
    build.onResolve({ filter: suffix }, ({ path, importer }) => ({
      path: resolve(dirname(importer), path.replace(suffix, '')),
      namespace: 'browser-script',
    }));
    build.onLoad({ filter: /./, namespace: 'browser-script' }, async ({ path }) => {
      const { outputFiles, metafile } = await build.esbuild.build({
        ...{ entryPoints: [path], bundle: true, minify: true, write: false, metafile: true, logLevel: 'silent' },
        ...{ format: 'esm', platform: 'browser', target: 'es2022' },
      });
      return {
        contents: outputFiles[0]?.text ?? '',
        loader: 'text',
        watchFiles: Object.keys(metafile.inputs).map((file) => resolve(file)),
      };
    });
  },
};
