import { applyDefaults } from './defaults.ts';
import type { Configuration } from './osls.ts';

function defaultsOf(configuration: Partial<Configuration>, stage = 'dev'): Configuration {
  const whole: Configuration = { service: 'mill', provider: { name: 'aws' }, plugins: [], ...configuration };
  applyDefaults(whole, stage);
  return whole;
}

test('a service runs on arm64 and Node 24, traced, with its logs kept for thirty days', () => {
  expect(defaultsOf({}).provider).toMatchObject({
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    tracing: { lambda: true },
    logRetentionInDays: 30,
    memorySize: 512,
    timeout: 10,
    versionFunctions: false,
    environment: { SERVICE: 'mill', STAGE: 'dev', POWERTOOLS_SERVICE_NAME: 'mill' },
  });
});

test('logs of production are kept for a year', () => {
  expect(defaultsOf({}, 'production').provider).toMatchObject({ logRetentionInDays: 365 });
});

test('a log of requests says nothing of who sent them', () => {
  const { httpApi } = defaultsOf({}).provider['logs'] as { httpApi: { format: string } };
  expect(Object.values(JSON.parse(httpApi.format) as object)).toContain('$context.routeKey');
  expect(httpApi.format).not.toMatch(/identity|sourceIp|authorizer|\$context\.path/);
});

test('what serverless.yml says wins', () => {
  const { provider, custom } = defaultsOf({
    provider: { name: 'aws', memorySize: 1024, environment: { STAGE: 'mine' } },
    custom: { esbuild: { minify: false } },
  });
  expect(provider).toMatchObject({ memorySize: 1024, environment: { SERVICE: 'mill', STAGE: 'mine' } });
  expect(custom?.esbuild).toMatchObject({ minify: false, format: 'esm', exclude: [] });
});
