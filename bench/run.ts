import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// `npm run bench` runs every benchmark, `npm run bench -- <name> [arguments]` one. A benchmark is a folder with a run.ts.
const here = import.meta.dirname;
const names = readdirSync(here)
  .filter((name) => existsSync(join(here, name, 'run.ts')))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name === '--help' || name === '-h') {
  console.log(`npm run bench [-- <name> [arguments]]\n\n${names.map((each) => `  ${each.padEnd(10)}${purposeOf(each)}`).join('\n')}`);
} else if (name && !names.includes(name)) {
  console.error(`There is no benchmark '${name}'. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  const failed = (name ? [name] : names).filter((each) => !run(each, rest));
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** A process of its own for each, so that one does not warm up another. */
function run(benchmark: string, args: readonly string[]): boolean {
  console.log(`\n# ${benchmark}: ${purposeOf(benchmark)}\n`);
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(here, benchmark, 'run.ts'), ...args], {
    stdio: 'inherit',
  });
  return status === 0;
}

/** The first comment line of its run.ts. */
function purposeOf(benchmark: string): string {
  const text = readFileSync(join(here, benchmark, 'run.ts'), 'utf8');
  return /^\s*(?:\/\/|\/\*\*|\*)\s*(\S.*?)\s*(?:\*\/)?$/m.exec(text)?.[1] ?? '';
}
