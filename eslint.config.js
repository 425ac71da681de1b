import nx from '@nx/eslint-plugin';
import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', '**/*.test-d.ts', '**/test/**'];
const sourcesOf = (folder) => ({ files: [`${folder}/src/**/*.ts`], ignores: tests });

/** May import nothing but what is listed; itself always. */
const only = (sourceTag, ...tags) => ({ sourceTag, onlyDependOnLibsWithTags: [sourceTag, ...tags] });

/** Who may import whom, by the tags in the package.json files. `libs/workspace/src/boundaries.test.ts` holds it to this. */
const boundaries = [
  // A service knows other services by their contracts only.
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'lib:contracts',
      'lib:service',
      'lib:infra',
      'lib:testing',
      'lib:images-client',
      'lib:clickstream-client',
      'lib:streaming',
    ],
  },
  only('lib:contracts'),
  only('lib:service', 'lib:contracts', 'lib:testing', 'lib:streaming'),
  only('lib:streaming'),
  only('lib:cost'),
  only('lib:infra', 'lib:contracts', 'lib:testing'),
  only('lib:local'),
  only('lib:images-client'),
  only('lib:clickstream-client'),
  only('lib:testing', 'lib:contracts', 'lib:service', 'lib:local', 'lib:streaming'),
  only('lib:workspace', 'lib:contracts'),
  { sourceTag: 'type:tools', onlyDependOnLibsWithTags: ['type:lib'] },
];

/** A package of ours that is no library is an app. nx overlooks an import of an app's file that is not there (any more). */
const apps = {
  regex: `^@larder/(?!(${readdirSync(new URL('libs', import.meta.url)).join('|')})(/|$))`,
  message: 'Nobody imports an app: say it in a contract.',
};
const forTests = { regex: '^@larder/(testing|local)(/|$)', message: 'Only tests use this library.' };
const notZod = { regex: '^(?!\\.|zod(/|$))', message: 'A contract imports nothing but zod.' };
const refuse = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['**/node_modules', '**/.serverless', '**/.esbuild', '**/.larder', '**/coverage', '.nx'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { depConstraints: boundaries, enforceBuildableLibDependency: false }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A handler that answers nothing is `Promise<Answer | void>`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/*.ts'], rules: refuse(apps) },
  { files: ['{apps,libs}/*/src/**/*.ts'], ignores: [...tests, 'libs/testing/**'], rules: refuse(apps, forTests) },
  {
    // Promises only: schemas, no SDK, no environment, no logic. What a consumer bundles is this and zod.
    ...sourcesOf('libs/contracts'),
    rules: { ...refuse(notZod), 'no-restricted-globals': ['error', { name: 'process', message: 'A contract knows no environment.' }] },
  },
  {
    // One reader of the environment: @larder/service/environment.
    ...sourcesOf('apps/*'),
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: "Read the environment with '@larder/service/environment'." },
      ],
    },
  },
  // Programs that talk to a terminal.
  // A benchmark measures what stands in apps.
  { files: ['bench/**'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  { files: ['{bench,scripts}/**', 'libs/*/scripts/**', 'libs/{local,workspace}/src/**', ...tests], rules: { 'no-console': 'off' } },
  // What a line before has made sure of.
  { files: [...tests, 'libs/{local,infra}/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  // The compiler finds them too, and knows of types.
  { files: tests, rules: { '@typescript-eslint/no-unused-vars': 'off' } },
);
