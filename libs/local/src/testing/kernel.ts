import type { FaultHook } from '../kernel/faults.ts';
import type { Activity, Kernel } from '../kernel/kernel.ts';

/** A kernel whose clock, faults and way of enforcing IAM a test sets as it goes, and which keeps what was told. */
export interface TestKernel extends Kernel {
  /** Milliseconds since 1970. */
  time: number;
  iam: 'enforce' | 'warn';
  faults: FaultHook;
  readonly told: Activity[];
}

/**
 * A kernel for tests of engines: in memory unless a directory is given, at noon of 5 January 2026 unless a time is given.
 * With `now` the clock goes by itself, and `time` does nothing.
 */
export function testKernel(options: { stateDirectory?: string | undefined; time?: number; now?: () => number } = {}): TestKernel {
  const told: Activity[] = [];
  const kernel: TestKernel = {
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    endpointUrl: 'http://localhost:4566',
    gatewayUrl: 'http://localhost:4000',
    stateDirectory: options.stateDirectory,
    iam: 'enforce',
    faults: {},
    time: options.time ?? Date.UTC(2026, 0, 5, 12, 0, 0),
    told,
    now: options.now ?? (() => kernel.time),
    tell: (activity) => void told.push(activity),
  };
  return kernel;
}
