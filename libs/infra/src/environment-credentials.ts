import type { Plugin } from 'esbuild';

/**
 * Bundles, of all the places where a client of the SDK looks for credentials, the one where Lambda puts them: the environment. The others (profiles, single sign-on, instance and
 * container metadata, each with clients of its own) are 135 KB of every function and a third of its start, and never found there.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/].*[\\/]index\.js$/ }, ({ path }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: path.slice(0, -'index.js'.length),
    }));
  },
};
