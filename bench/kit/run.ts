// What the kit costs an event and a request, at start-up and in bytes, against the same handler bare, and on middy with Powertools.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentCredentials } from '@larder/infra/environment-credentials';
import { build } from 'esbuild';
import { batchOf, contextOf, requestOf } from './inputs.ts';

const kinds = ['event', 'request'] as const;
const variants = ['bare', 'kit', 'middy'] as const;
type Kind = (typeof kinds)[number];
type Variant = (typeof variants)[number];
type Figures = Record<Variant, number>;
type Handler = (event: unknown, context: unknown) => Promise<{ batchItemFailures?: unknown[]; statusCode?: number }>;

const startRounds = 31;
const callRounds = 60;
const callsPerRound = { event: 100, request: 500 };

Object.assign(process.env, {
  SERVICE: 'inventory',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  POWERTOOLS_DEV: 'false',
  STUBBED: 'yes',
});
const folder = mkdtempSync(join(tmpdir(), 'bench-kit-'));
try {
  const results = [];
  for (const kind of kinds) {
    const bundles = await bundle(kind);
    const bytes = each((variant) => statSync(bundles[variant]).size);
    const start = startUp(bundles);
    const call = await perCall(kind, bundles);
    results.push({ kind, measure: kind === 'event' ? 'µs per event (batch of 10)' : 'µs per request', figures: call });
    results.push({ kind, measure: 'start-up, ms', figures: start });
    results.push({ kind, measure: 'bundle, KB', figures: each((variant) => bytes[variant] / 1000) });
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
  else {
    const row = (cells: readonly string[]): string =>
      cells.map((cell, index) => (index < 2 ? cell.padEnd(index ? 28 : 9) : cell.padStart(11))).join('');
    console.log(row(['handler', 'measure', 'bare', 'kit', 'middy', 'kit/bare', 'middy/kit']));
    for (const { kind, measure, figures } of results) {
      const numbers = [figures.bare, figures.kit, figures.middy, figures.kit / figures.bare, figures.middy / figures.kit];
      console.log(row([kind, measure, ...numbers.map((number) => number.toFixed(2))]));
    }
    console.log('\nMedians of interleaved rounds in one run. Aim: kit/bare at most 1.3, middy/kit at least 2.');
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** As the plugin bundles: minified, ESM, with the module entry points of packages. */
async function bundle(kind: Kind): Promise<Record<Variant, string>> {
  const files = { bare: '', kit: '', middy: '' };
  for (const variant of variants) {
    files[variant] = join(folder, `${kind}-${variant}.mjs`);
    await build({
      entryPoints: [join(import.meta.dirname, 'handlers', `${kind}-${variant}.ts`)],
      outfile: files[variant],
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      plugins: [environmentCredentials],
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    });
  }
  return files;
}

/** Milliseconds from the import to the first answer's possibility, in a fresh process each. */
function startUp(bundles: Record<Variant, string>): Figures {
  const samples: Record<Variant, number[]> = { bare: [], kit: [], middy: [] };
  for (let round = 0; round < startRounds; round += 1) {
    for (const variant of rotated(round)) {
      const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(bundles[variant]).href)});process.stdout.write(String(performance.now()-t))`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      samples[variant].push(Number(stdout));
    }
  }
  return each((variant) => median(samples[variant]));
}

/** Microseconds an event or a request, warm. */
async function perCall(kind: Kind, bundles: Record<Variant, string>): Promise<Figures> {
  const input = kind === 'event' ? batchOf(10) : requestOf();
  const handlers: Partial<Record<Variant, Handler>> = {};
  for (const variant of variants) {
    const module = (await import(pathToFileURL(bundles[variant]).href)) as { handler: Handler };
    handlers[variant] = module.handler;
    const answer = await module.handler(structuredClone(input), contextOf());
    if (answer.batchItemFailures?.length !== 0 && answer.statusCode !== 202)
      throw new Error(`${kind}-${variant} answers ${JSON.stringify(answer)}`);
  }
  const samples: Record<Variant, number[]> = { bare: [], kit: [], middy: [] };
  const calls = callsPerRound[kind];
  for (let round = -10; round < callRounds; round += 1) {
    for (const variant of rotated(Math.abs(round))) {
      const handler = handlers[variant];
      // A parser in front may write into its event, as Lambda's is the handler's own: each gets a fresh one, made before the clock starts.
      const inputs = Array.from({ length: calls }, () => structuredClone(input));
      const started = performance.now();
      for (const each of inputs) await handler?.(each, contextOf());
      const micros = ((performance.now() - started) * 1000) / calls / (kind === 'event' ? 10 : 1);
      if (round >= 0) samples[variant].push(micros);
    }
  }
  return each((variant) => median(samples[variant]));
}

/** No variant always goes first. */
function rotated(round: number): Variant[] {
  const by = round % variants.length;
  return [...variants.slice(by), ...variants.slice(0, by)];
}

function each(figure: (variant: Variant) => number): Figures {
  return { bare: figure('bare'), kit: figure('kit'), middy: figure('middy') };
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
