import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyNativePackages, lambdaPlatform, type Npm } from './native-packages.ts';

let root: string;

const write = (file: string, content: string | object): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
};

/** An npm that has one package to give. */
const npmWith =
  (integrity: string): Npm =>
  async (_, cwd) => {
    write('registry/package/package.json', { name: '@img/lib-arm' });
    execFileSync('tar', ['-czf', join(cwd, 'lib.tgz'), 'package'], { cwd: join(root, 'registry') });
    return JSON.stringify([{ filename: 'lib.tgz', integrity }]);
  };
const offline: Npm = () => Promise.reject(new Error('no network'));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'native-'));
  write('package-lock.json', {
    packages: {
      'node_modules/engraver': { version: '1.0.0' },
      'node_modules/ink': { version: '1.0.0' },
      'node_modules/@img/lib-x64': { version: '1.0.0', os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
      'node_modules/@img/lib-arm': { version: '1.0.0', os: ['linux'], cpu: ['arm64'], libc: ['glibc'], integrity: 'sha512-right' },
      'node_modules/@img/lib-musl': { version: '1.0.0', os: ['linux'], cpu: ['arm64'], libc: ['musl'], integrity: 'sha512-right' },
    },
  });
  const optionalDependencies = { '@img/lib-x64': '1', '@img/lib-arm': '1', '@img/lib-musl': '1' };
  write('node_modules/engraver/package.json', { dependencies: { ink: '1' }, optionalDependencies });
  write('node_modules/ink/package.json', { dependencies: { engraver: '1' } });
  write('node_modules/@img/lib-x64/package.json', {});
  write('apps/mill/serverless.yml', '');
});
afterEach(() => rmSync(root, { recursive: true }));

const copy = async (names: string[], cpu: string, npm = offline): Promise<string[]> => {
  await copyNativePackages(names, join(root, 'apps/mill'), join(root, 'out'), { os: 'linux', cpu }, npm);
  return readdirSync(join(root, 'out/node_modules/@img'));
};

test('a package comes with what it needs, and of what is optional with what fits the platform', async () => {
  expect(await copy(['engraver'], 'x64')).toEqual(['lib-x64']);
  expect(readdirSync(join(root, 'out/node_modules')).sort()).toEqual(['@img', 'engraver', 'ink']);
});

test('what is for another machine than this one is fetched once', async () => {
  expect(await copy(['engraver'], 'arm64', npmWith('sha512-right'))).toEqual(['lib-arm']);
  rmSync(join(root, 'out'), { recursive: true });
  expect(await copy(['engraver'], 'arm64')).toEqual(['lib-arm']);
});

test('what has another checksum than the lockfile says is not taken', async () => {
  await expect(copy(['engraver'], 'arm64', npmWith('sha512-wrong'))).rejects.toThrow(
    '@img/lib-arm@1.0.0 is not what package-lock.json knows',
  );
});

test('without a registry it says what is missing', async () => {
  await expect(copy(['engraver'], 'arm64')).rejects.toThrow('@img/lib-arm@1.0.0 could not be fetched');
});

test('a package that nobody depends on is named', async () => {
  await expect(copy(['ingraver'], 'x64')).rejects.toThrow("has no package 'ingraver': add it to the service's dependencies");
});

test('Lambda runs Linux, on arm64 unless told otherwise', () => {
  expect(lambdaPlatform(undefined)).toEqual({ os: 'linux', cpu: 'arm64' });
  expect(lambdaPlatform('x86_64')).toEqual({ os: 'linux', cpu: 'x64' });
});
