import { rootTargets, targetsOf } from './targets.ts';

const projects = ['@larder/orders', '@larder/contracts'];
const names = (root: string, files: string[]) => Object.keys(targetsOf(root, files, projects));

describe('a project', () => {
  it('is tested when it has tests, and checked in any case', () => {
    expect(names('libs/kit', ['package.json', 'kit.ts'])).toEqual(['lint', 'typecheck']);
    expect(names('libs/kit', ['kit.ts', 'kit.test.ts'])).toEqual(['lint', 'typecheck', 'test']);
    expect(names('libs/kit', ['kit.ts', 'kit.int.test.ts'])).toEqual(['lint', 'typecheck', 'int']);
  });

  it('has no types to check when it has no code', () => {
    expect(names('apps/platform', ['serverless.yml', 'resources.yml'])).toEqual(['lint', 'package', 'deploy']);
  });

  it('is deployed when it is a service: a serverless.yml that a library tests with does not make it one', () => {
    expect(names('apps/orders', ['serverless.yml', 'handler.ts'])).toEqual(['lint', 'typecheck', 'package', 'deploy']);
    expect(names('libs/local', ['serverless.yml', 'cloud.ts'])).toEqual(['lint', 'typecheck']);
  });

  it('is deployed anew each time it is asked, and all else is remembered', () => {
    const targets = targetsOf('apps/orders', ['serverless.yml', 'a.ts', 'a.test.ts', 'a.int.test.ts'], projects);
    const remembered = Object.entries(targets).filter(([, { cache }]) => cache);
    expect(remembered.map(([name]) => name)).toEqual(['lint', 'typecheck', 'test', 'int', 'package']);
  });
});

describe('a test against the laptop cloud', () => {
  const { int } = targetsOf('apps/orders', ['orders.int.test.ts'], projects);

  it('is run again when any project has changed, because the cloud runs them all', () => {
    expect(int?.inputs).toContainEqual({ input: 'source', projects });
  });

  it('has the machine for itself', () => {
    expect(int?.parallelism).toBe(false);
  });
});

describe('the root', () => {
  it('checks what is in no project', () => {
    expect(Object.keys(rootTargets([]))).toEqual(['lint', 'typecheck']);
  });

  it('asks for the end-to-end tests, which a change of any service affects', () => {
    expect(rootTargets(['@larder/testing'])['int']?.dependsOn).toEqual([{ projects: ['@larder/testing'], target: 'int' }]);
    expect(rootTargets([])['lint']?.inputs).toContain('{workspaceRoot}/{apps,libs}/**/!(*.test.ts|*.md)');
  });
});
