import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apis, events, streams } from '../src/registry.ts';
import { toDocuments } from './documents.ts';
import { readUsage } from './usage.ts';

// Writes docs/contracts. With --check it writes nothing, and fails when a document is not what it would write.
const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'docs/contracts');
const documents = toDocuments(events, apis, streams, readUsage(join(root, 'apps')));
const orphans = existing().filter((path) => !documents.has(path));
const stale = [...documents].filter(([path, text]) => read(path) !== text).map(([path]) => path);

if (process.argv.includes('--check')) {
  if (stale.length + orphans.length > 0) {
    console.error(
      `docs/contracts is stale (${[...stale, ...orphans].join(', ')}): run 'npm run docs:contracts' and commit what it writes.`,
    );
    process.exitCode = 1;
  }
} else {
  for (const path of orphans) rmSync(join(folder, path));
  for (const [path, text] of documents) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`docs/contracts: ${documents.size} documents, ${stale.length + orphans.length} of them changed`);
}

function existing(): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

function read(path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
