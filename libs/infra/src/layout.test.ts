import { fileURLToPath } from 'node:url';
import { missingHandlers, pluginOrder } from './layout.ts';

const fixture = fileURLToPath(new URL('../test/fixtures/inventory', import.meta.url));

test('a handler that is not there is refused, with the file that was looked for', () => {
  const functions = { there: { handler: 'src/handler.handler' }, gone: { handler: 'src/hander.handler' } };
  expect(missingHandlers(functions, fixture)).toEqual([
    "functions.gone.handler: there is no src/hander.ts; write it, with 'export const handler', or correct the path.",
  ]);
});

test.each([
  [['@larder/infra', 'serverless-esbuild'], 0],
  [['serverless-esbuild', '@larder/infra'], 1],
  [['@larder/infra'], 1],
])('plugins %j make %d problems', (plugins, problems) => {
  expect(pluginOrder({ service: 'mill', provider: { name: 'aws' }, plugins, functions: { a: {} } })).toHaveLength(problems);
});

test('a service without functions needs no bundler', () => {
  expect(pluginOrder({ service: 'mill', provider: { name: 'aws' }, plugins: ['@larder/infra'], functions: {} })).toEqual([]);
});
