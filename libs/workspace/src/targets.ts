import type { TargetConfiguration } from '@nx/devkit';

type Targets = Record<string, TargetConfiguration>;

const jest = 'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js';

/**
 * The targets of one project. What the named inputs hold stands in nx.json.
 *
 * @param root its folder, relative to the workspace: `apps/orders`.
 * @param files the names of all files in it.
 * @param projects the names of all projects: the laptop cloud runs them all.
 */
export function targetsOf(root: string, files: readonly string[], projects: readonly string[]): Targets {
  const deployable = files.includes('serverless.yml') && root.startsWith('apps/');
  return {
    lint: {
      ...commands(`eslint --max-warnings=0 --no-error-on-unmatched-pattern ${root}`, `prettier --check --log-level=warn ${root}`),
      inputs: ['own', 'linting', { input: 'manifest', projects: [...projects] }],
    },
    ...(files.some((file) => file.endsWith('.ts')) && {
      typecheck: { ...commands(`node libs/workspace/src/typecheck.ts ${root}`), inputs: ['own', '^source', 'typing'] },
    }),
    ...(files.some(isUnitTest) && {
      test: { ...commands(`${jest} ${root}/`), inputs: ['own', '^source', 'testing', { input: 'manifest', projects: [...projects] }] },
    }),
    ...(files.some(isIntegrationTest) && {
      int: {
        ...integration(root),
        inputs: ['own', '^source', { input: 'source', projects: [...projects] }, 'testing', { env: 'FAULT_SEED' }],
      },
    }),
    ...(deployable && {
      package: {
        ...inFolder('sls package'),
        cache: true,
        outputs: ['{projectRoot}/.serverless'],
        inputs: ['source', '^source', 'packaging'],
      },
      deploy: inFolder('sls deploy'),
    }),
  };
}

/**
 * The targets of what is in no project: benchmarks, scripts, documents, configuration.
 *
 * @param endToEnd the projects whose integration tests are about all services together. Services do not depend on each other, so
 * nx would not know that a change of one affects these tests: the root is affected by everything, and asks for them.
 */
export function rootTargets(endToEnd: readonly string[]): Targets {
  const own = ['{workspaceRoot}/*', '{workspaceRoot}/{bench,docs,scripts}/**/*'];
  const all = ['{workspaceRoot}/{apps,libs}/**/!(*.test.ts|*.md)'];
  return {
    lint: {
      ...commands(
        'eslint --max-warnings=0 --ignore-pattern apps --ignore-pattern libs .',
        'prettier --check --log-level=warn . !apps !libs',
        'node libs/contracts/scripts/generate-docs.ts --check',
      ),
      inputs: [...own, ...all, 'linting'],
    },
    typecheck: { ...commands('node libs/workspace/src/typecheck.ts bench scripts'), inputs: [...own, ...all, 'typing'] },
    ...(endToEnd.length > 0 && { int: { executor: 'nx:noop', dependsOn: [{ projects: [...endToEnd], target: 'int' }] } }),
  };
}

export const isIntegrationTest = (file: string): boolean => file.endsWith('.int.test.ts');
const isUnitTest = (file: string): boolean => file.endsWith('.test.ts') && !isIntegrationTest(file);

/** Arguments are given on: `nx deploy orders --stage=production`. */
function inFolder(command: string): TargetConfiguration {
  return { executor: 'nx:run-commands', options: { command, cwd: '{projectRoot}' } };
}

/** Tests that look at clocks, and so have the machine for themselves. */
function integration(folder: string): TargetConfiguration {
  return { ...commands(`${jest} --config jest.int.config.js --runInBand ${folder}/`), parallelism: false };
}

function commands(...lines: string[]): TargetConfiguration {
  return { executor: 'nx:run-commands', options: { commands: lines, parallel: false }, cache: true };
}
