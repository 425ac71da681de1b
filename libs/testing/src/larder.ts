import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const COMMAND = resolve(ROOT, 'libs/local/src/cli/main.ts');

export interface LarderOptions {
  /** The folder to run; the whole of Larder when absent. */
  readonly folder?: string;
  /** Where state is kept; absent, it goes with the process. */
  readonly state?: string;
  /** A module whose default export is a FaultHook, or makes one. */
  readonly faults?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Port of the endpoint and of the gateway; free ones when absent. */
  readonly ports?: readonly [number, number];
}

/** A running laptop cloud, in a process of its own. */
export interface RunningLarder {
  /** Where AWS APIs answer. */
  readonly endpoint: string;
  /** Where HTTP APIs answer. */
  readonly gateway: string;
  readonly process: ChildProcess;
  /** What it printed, for a failing test to show; the newest 200 lines. */
  output(): string;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the laptop cloud as a user would, and waits until it is ready. */
export async function startLarder(options: LarderOptions = {}): Promise<RunningLarder> {
  const [port, gatewayPort] = options.ports ?? [0, 0];
  const flags = ['--json', '--port', String(port), '--gateway-port', String(gatewayPort)];
  flags.push(...(options.state === undefined ? ['--ephemeral'] : ['--state', options.state]));
  if (options.faults !== undefined) flags.push('--faults', options.faults);

  const child = spawn(process.execPath, [COMMAND, 'up', options.folder ?? ROOT, ...flags], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > 200) lines.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);

  const ready = await new Promise<{ endpoint: string; gateway: string }>((onReady, onError) => {
    child.once('error', onError);
    child.once('exit', (code) => onError(new Error(`the laptop cloud ended with ${code} before it was ready:\n${lines.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      const message = parse(line);
      if (message?.ready) onReady(message as unknown as { endpoint: string; gateway: string });
    });
  });

  return {
    endpoint: ready.endpoint,
    gateway: ready.gateway,
    process: child,
    output: () => lines.join('\n'),
    stop: (signal = 'SIGTERM') =>
      new Promise((resolved) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolved();
        child.once('exit', () => resolved());
        child.kill(signal);
      }),
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
