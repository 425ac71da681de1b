import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apis, events, streams } from '../src/registry.ts';
import { toAsyncApi } from './asyncapi.ts';
import { breakingChanges, type AsyncApi, type Documents, type OpenApi } from './breaking-changes.ts';
import { toOpenApi } from './openapi.ts';
import { readUsage } from './usage.ts';

// Compares the contracts with those of a base revision, as its docs/contracts holds them, and fails when a consumer would break.
const root = join(import.meta.dirname, '../../..');
const folder = 'docs/contracts';
const { values } = parseArgs({ options: { base: { type: 'string', default: 'main' }, help: { type: 'boolean' } } });

if (values.help) {
  console.log(
    'npm run contracts:check -- [--base=<git revision, by default main>]\nNames the contracts that break a promise, and whom it breaks.',
  );
} else {
  check(values.base);
}

function check(base: string): void {
  const usages = readUsage(join(root, 'apps'));
  const now = plain<Documents>({
    asyncApi: toAsyncApi(events, streams, usages),
    openApis: Object.fromEntries(apis.map((api) => [api.service, toOpenApi(api)])),
  });
  const before = documentsAt(base);
  if (!before) {
    console.log(`${base} has no ${folder}: there is nothing to compare with.`);
    return;
  }
  const changes = breakingChanges(before, now, usages);
  for (const { contract, what, consumers } of changes) {
    console.error(`${contract}: ${what}\n  breaks ${consumers.join(', ') || 'nobody that we know'}`);
  }
  if (changes.length > 0) {
    console.error(
      '\nWithin a version there are only additions. Put a new version beside the old one, and remove the old one when nobody uses it.',
    );
    process.exitCode = 1;
  } else {
    console.log(`The contracts keep what they promised at ${base}.`);
  }
}

function documentsAt(revision: string): Documents | undefined {
  const paths = git('ls-tree', '-r', '--name-only', revision, '--', folder).split('\n');
  const read = (path: string): unknown => JSON.parse(git('show', `${revision}:${path}`));
  if (!paths.includes(`${folder}/asyncapi.json`)) return undefined;
  const openApis = paths.flatMap((path) => {
    const service = /\/openapi\/(.+)\.json$/.exec(path)?.[1];
    return service ? [[service, read(path) as OpenApi] as const] : [];
  });
  return { asyncApi: read(`${folder}/asyncapi.json`) as AsyncApi, openApis: Object.fromEntries(openApis) };
}

/** As it would be read from a file. */
function plain<T>(value: object): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    console.error(`git cannot read the base revision (${said}). Fetch it, or name another with --base=<revision>.`);
    process.exit(1);
  }
}
