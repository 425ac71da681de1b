import { browserScript } from './browser-script.ts';
import { environmentCredentials } from './environment-credentials.ts';
import type { Configuration } from './osls.ts';
import { ownSourceMap } from './own-source-map.ts';
import { toServiceEnvironment } from './to-environment.ts';

/** Seconds. */
export const defaultTimeout = 10;

/** Days. */
const logRetention = { production: 365, other: 30 };

/** One line a request. Who sent it is nobody's business: osls's own format has the address. */
const accessLog = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  routeKey: '$context.routeKey',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
};

const esbuild = {
  bundle: true,
  minify: true,
  format: 'esm',
  outputFileExtension: '.mjs',
  platform: 'node',
  target: 'node24',
  // Stack traces that name lines of the source.
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [environmentCredentials, browserScript, ownSourceMap],
  // Nothing is built twice. What is kept for that is kept open when a build fails, and packaging would never end.
  skipRebuild: true,
  // Packages' ES modules can be shaken; their CommonJS cannot.
  mainFields: ['module', 'main'],
  // Nothing is left out: the SDK that Lambda brings is larger and starts slower than the part of it that a function uses.
  exclude: [],
  // A dependency in CommonJS may require Node's own modules, which an ES module can only do so.
  banner: { js: "import{createRequire as __larderRequire}from'node:module';const require=__larderRequire(import.meta.url);" },
};

/**
 * What every service is, without saying so. What `serverless.yml` says wins, but for `versionFunctions`: osls has put its own
 * default there before any plugin can look.
 */
export function applyDefaults(configuration: Configuration, stage: string): void {
  const { provider, service } = configuration;
  configuration.provider = Object.assign(provider, {
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    region: 'us-east-1',
    memorySize: 512,
    timeout: defaultTimeout,
    deploymentMethod: 'direct',
    logRetentionInDays: stage === 'production' ? logRetention.production : logRetention.other,
    tracing: { lambda: true },
    logs: { httpApi: { format: JSON.stringify(accessLog) } },
    ...provider,
    versionFunctions: false,
    environment: { ...toServiceEnvironment(service, stage), ...provider.environment },
  });
  configuration.package = { individually: true, ...configuration.package };
  configuration.custom = { ...configuration.custom, esbuild: { ...esbuild, ...configuration.custom?.esbuild } };
}
