import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findServices } from './find-services.ts';

describe('findServices', () => {
  let root: string;
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'find-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('takes the one service of a serverless.yml, tags and all', async () => {
    write('serverless.yml', 'service: hello\nresources: { A: !Ref B }\n');
    expect(await findServices(root, 'local')).toEqual([{ name: 'hello', folder: root, dependsOn: [], params: {} }]);
  });

  it('takes the services of a compose file', async () => {
    write('a/serverless.yml', 'service: a');
    write('b/other.yml', 'service: b');
    write('serverless-compose.yml', 'services:\n  a: { path: a }\n  b: { path: b, config: other.yml, dependsOn: a, params: { n: 1 } }\n');
    expect(await findServices(root, 'local')).toEqual([
      { name: 'a', folder: join(root, 'a'), config: undefined, dependsOn: [], params: {} },
      { name: 'b', folder: join(root, 'b'), config: 'other.yml', dependsOn: ['a'], params: { n: '1' } },
    ]);
  });

  it('reads the stage and the environment in parameters, as Compose does', async () => {
    write('a/serverless.yml', 'service: a');
    write('serverless-compose.yml', "services: { a: { path: a, params: { bus: 'shop-${sls:stage}', who: '${env:WHO_ASKS}!' } } }");
    process.env['WHO_ASKS'] = 'ada';
    expect(await findServices(root, 'test')).toEqual([expect.objectContaining({ params: { bus: 'shop-test', who: 'ada!' } })]);
    delete process.env['WHO_ASKS'];
    await expect(findServices(root, 'test')).rejects.toThrow(
      "takes its parameter 'who' from the environment variable WHO_ASKS, which is not set",
    );
  });

  it.each([
    ['a folder with neither', undefined, 'has neither serverless-compose.yml nor serverless.yml'],
    ['a compose file without services', 'services:', 'names no services'],
    ['an entry without a path', 'services: { a: {} }', "'a' of serverless-compose.yml has no `path`"],
    ['a path where there is no service', 'services: { a: { path: nowhere } }', 'there is no serverless.yml'],
    ['an unknown dependency', 'services: { a: { path: a, dependsOn: z } }', "depends on 'z'"],
    ['an output of another service', "services: { a: { path: a, params: { x: '${b.out}' } } }", 'Hand it over through an SSM parameter'],
    ['a file that is not YAML', 'services: {', 'is not YAML'],
  ])('explains %s', async (_, compose, message) => {
    write('a/serverless.yml', 'service: a');
    if (compose !== undefined) write('serverless-compose.yml', compose);
    await expect(findServices(root, 'local')).rejects.toThrow(message);
  });
});
