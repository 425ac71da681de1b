import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentHasher } from './content-hash.ts';
import { foldersOf, workspaceOf } from './workspace.ts';

const target = { stage: 'local', region: 'us-east-1' };

describe('contentHasher', () => {
  let root: string;
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const hash = (settings = target): string => {
    const source = { name: 'orders', folder: join(root, 'apps/orders'), dependsOn: [], params: {} };
    return contentHasher(workspaceOf(source.folder), settings).hashOf(source);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hash-'));
    write('package.json', '{"workspaces":["apps/*","libs/*"]}');
    write('package-lock.json', '{}');
    write('apps/orders/package.json', '{"name":"@x/orders","dependencies":{"@x/kit":"*","zod":"4"},"devDependencies":{"@x/plugin":"*"}}');
    write('apps/orders/serverless.yml', 'service: orders # ${env:HASH_TEST, ""}');
    write('apps/orders/src/a.ts', '1');
    write('libs/kit/package.json', '{"name":"@x/kit","dependencies":{"@x/words":"*"}}');
    write('libs/kit/src/kit.ts', '1');
    write('libs/words/package.json', '{"name":"@x/words","dependencies":{"@x/kit":"*"}}');
    write('libs/words/src/words.ts', '1');
    write('libs/plugin/package.json', '{"name":"@x/plugin"}');
    write('libs/other/package.json', '{"name":"@x/other"}');
  });
  afterEach(() => {
    delete process.env['HASH_TEST'];
    rmSync(root, { recursive: true });
  });

  it('finds the packages that a service depends on, through others and in circles', () => {
    const folder = join(root, 'apps/orders');
    const names = foldersOf(folder, workspaceOf(folder)).map((each) => each.slice(root.length + 1));
    expect(names).toEqual(['apps/orders', 'libs/kit', 'libs/words', 'libs/plugin']);
  });

  it.each([
    ['its code', 'apps/orders/src/a.ts'],
    ['a new file', 'apps/orders/src/b.ts'],
    ['a package that it depends on through another', 'libs/words/src/words.ts'],
    ['the lockfile', 'package-lock.json'],
  ])('changes with %s', (_, path) => {
    const before = hash();
    write(path, '{"changed":true}');
    expect(hash()).not.toBe(before);
  });

  it('changes with the stage, the region and a variable that the configuration names', () => {
    const hashes = [hash(), hash({ ...target, stage: 'dev' }), hash({ ...target, region: 'eu-west-1' })];
    process.env['HASH_TEST'] = 'x';
    expect(new Set([...hashes, hash()]).size).toBe(4);
  });

  it.each([
    ['a test', 'apps/orders/src/a.test.ts'],
    ['what tools write', 'apps/orders/.serverless/x.zip'],
    ['installed packages', 'apps/orders/node_modules/x/index.js'],
    ['a package that it does not depend on', 'libs/other/src/other.ts'],
  ])('does not change with %s', (_, path) => {
    const before = hash();
    write(path, 'changed');
    expect(hash()).toBe(before);
  });

  it('asks for content, not for times', () => {
    const before = hash();
    utimesSync(join(root, 'apps/orders/src/a.ts'), 1, 1);
    expect(hash()).toBe(before);
  });
});
