// From start to ready with a cold and a warm package cache: all services, and one service beside serverless-offline.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLarder } from '@larder/testing/larder';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } } });
const root = resolve(import.meta.dirname, '../..');
const rounds = Number(values.rounds);

/** The aims for all services, in seconds. */
const AIM = { cold: 20, warm: 3 };

const times: Record<string, number[]> = {
  'all, cold': [],
  'all, warm': [],
  'one, cold': [],
  'one, warm': [],
  'serverless-offline, one': [],
};
const one = await fixture();
try {
  // Interleaved, so that a slow minute of the machine is everybody's.
  for (let round = 0; round < rounds; round += 1) {
    await coldThenWarm('all', root);
    await coldThenWarm('one', one);
    times['serverless-offline, one']?.push(await offline(one));
  }
} finally {
  await rm(one, { recursive: true, force: true });
}

const medians = Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, median(seconds)]));
if (values.json) console.log(JSON.stringify(medians));
else {
  const peer = medians['serverless-offline, one'] as number;
  console.table(
    Object.entries(medians).map(([what, seconds]) => ({
      what,
      's to ready': seconds.toFixed(2),
      '× the aim': what === 'all, cold' ? (seconds / AIM.cold).toFixed(2) : what === 'all, warm' ? (seconds / AIM.warm).toFixed(2) : '',
      '× serverless-offline': what.includes('one') ? (seconds / peer).toFixed(2) : '',
    })),
  );
}

async function coldThenWarm(name: 'all' | 'one', folder: string): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'larder-bench-'));
  try {
    await rm(join(folder, '.larder/packages'), { recursive: true, force: true });
    for (const cache of ['cold', 'warm']) {
      const start = performance.now();
      const larder = await startLarder({ folder, state });
      times[`${name}, ${cache}`]?.push((performance.now() - start) / 1000);
      await larder.stop();
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** A service of one function that both can run. */
async function fixture(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'larder-bench-one-'));
  await cp(join(import.meta.dirname, 'one'), folder, { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Seconds until serverless-offline answers. */
async function offline(folder: string): Promise<number> {
  const start = performance.now();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const flags = ['offline', '--httpPort', String(port), '--lambdaPort', String(port + 1), '--noTimeout'];
  const child = spawn(join(root, 'node_modules/.bin/serverless'), flags, { cwd: folder, stdio: 'ignore' });
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`serverless-offline ended with ${child.exitCode}`);
      const answer = await fetch(`http://localhost:${port}/hello`).catch(() => undefined);
      if (answer?.ok) return (performance.now() - start) / 1000;
      if (performance.now() - start > 60_000) throw new Error('serverless-offline was not ready within a minute');
      await new Promise((next) => setTimeout(next, 10));
    }
  } finally {
    child.kill('SIGTERM');
    await new Promise((ended) => child.once('exit', ended));
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
