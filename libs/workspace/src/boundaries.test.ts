import { ESLint } from 'eslint';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const eslint = new ESLint({ cwd: root });

/** What a file of that name may not import, of all that it is given. */
async function refused(file: string, ...imports: string[]): Promise<string[]> {
  const lines = imports.map((specifier) => `import '${specifier}';`);
  const [result] = await eslint.lintText(lines.join('\n'), { filePath: join(root, file) });
  const rules = new Set(['@nx/enforce-module-boundaries', 'no-restricted-imports']);
  const refusals = (result?.messages ?? []).filter(({ ruleId }) => rules.has(ruleId ?? ''));
  return imports.filter((_, index) => refusals.some(({ line }) => line === index + 1));
}

beforeAll(() => {
  // The rule reads the project graph that nx has last computed, and is silent when there is none.
  execFileSync(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], { cwd: root });
}, 60_000);

describe('a service', () => {
  const file = 'apps/orders/src/place-order/place-order.ts';

  it('imports no service, by whatever name or path', async () => {
    const others = ['@larder/catalog', '@larder/catalog/src/product.ts', '../../../catalog/package.json', '../../../catalog/src/gone.ts'];
    expect(await refused(file, ...others)).toEqual(others);
  });

  it('imports the contracts, the kit, packages and its own files', async () => {
    expect(await refused(file, '@larder/contracts/orders/orders-api', '@larder/service/commit', 'zod/mini', '../order.ts')).toEqual([]);
  });

  it('imports what tests share in tests only', async () => {
    expect(await refused(file, '@larder/testing/stores', '@larder/local/cloud')).toHaveLength(2);
    expect(await refused('apps/orders/src/place-order/place-order.test.ts', '@larder/testing/stores')).toEqual([]);
  });
});

describe('a contract', () => {
  it('imports nothing but zod and other contracts', async () => {
    const others = ['@larder/service/commit', '@larder/orders', 'node:fs', '@aws-sdk/client-sqs', 'typescript'];
    expect(await refused('libs/contracts/src/orders/order-placed.ts', 'zod/mini', '../common.ts', ...others)).toEqual(others);
  });

  it('may be tested and documented with more', async () => {
    expect(await refused('libs/contracts/src/registry.test.ts', 'node:fs')).toEqual([]);
    expect(await refused('libs/contracts/scripts/usage.ts', 'node:fs', 'yaml')).toEqual([]);
  });
});

it('the laptop cloud knows nothing of this shop', async () => {
  const ours = [
    '@larder/contracts/registry',
    '@larder/service/commit',
    '@larder/infra',
    '@larder/orders',
    '../../../apps/orders/src/order.ts',
  ];
  expect(await refused('libs/local/src/cloud.ts', ...ours)).toEqual(ours);
  expect(await refused('libs/local/src/cloud.test.ts', ...ours)).toEqual(ours);
});

it('what pages are made with knows nothing of ours', async () => {
  const ours = ['@larder/contracts/wire', '@larder/service/commit', '@larder/images'];
  expect(await refused('libs/images-client/src/address.ts', ...ours)).toEqual(ours);
  expect(await refused('libs/clickstream-client/src/tracker.ts', ...ours)).toEqual(ours);
});

it('the kit knows contracts, and neither the plugin nor the laptop cloud', async () => {
  const others = ['@larder/infra', '@larder/local/cloud', '@larder/testing/stores'];
  expect(await refused('libs/service/src/commit.ts', '@larder/contracts/wire', ...others)).toEqual(others);
});

it('the plugin knows contracts, and neither the kit nor the laptop cloud', async () => {
  const others = ['@larder/service/commit', '@larder/local/cloud'];
  expect(await refused('libs/infra/src/plugin.ts', '@larder/contracts/registry', ...others)).toEqual(others);
});
