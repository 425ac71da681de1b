import type { CreateNodes } from '@nx/devkit';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isIntegrationTest, rootTargets, targetsOf } from './targets.ts';

export const name = '@larder/workspace';

/**
 * The nx plugin of this repository: gives each folder of `apps/` and `libs/` its targets, from what the folder contains, so that
 * a service has no scripts and no configuration of its own. What lies beside them is the project `larder`, at the root.
 */
export const createNodes: CreateNodes = [
  '{package.json,apps/*/package.json,libs/*/package.json}',
  (manifests, _options, { workspaceRoot }) => {
    const roots = manifests.map((manifest) => dirname(manifest)).filter((root) => root !== '.');
    const names = roots.map((root) => nameOf(join(workspaceRoot, root)));
    const endToEnd = filesOf(join(workspaceRoot, 'libs/testing')).some(isIntegrationTest) ? ['@larder/testing'] : [];
    const larder = { name: 'larder', tags: ['type:tools'], targets: rootTargets(endToEnd) };
    return [
      ['package.json', { projects: { '.': larder } }],
      ...roots.map((root) => {
        const targets = targetsOf(root, filesOf(join(workspaceRoot, root)), names);
        return [`${root}/package.json`, { projects: { [root]: { targets } } }] as const;
      }),
    ];
  },
];

function nameOf(directory: string): string {
  return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name: string }).name;
}

/** The names of all files below a folder, without what is installed or generated; none when there is no such folder. */
function filesOf(directory: string): string[] {
  const skipped = new Set(['node_modules', '.serverless', '.esbuild', '.larder', 'coverage']);
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return skipped.has(entry.name) ? [] : filesOf(join(directory, entry.name));
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
