import { mkdtempSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FaultHook } from '../../kernel/faults.ts';
import type { Activity, Kernel } from '../../kernel/kernel.ts';
import { testKernel } from '../../testing/kernel.ts';
import type { EventsPort, IamPort } from '../../kernel/ports.ts';
import type { CreatedResource } from '../../kernel/resource-type.ts';
import { createLambda, type Lambda } from '../lambda.ts';
import { memoryQueues, type MemoryQueues } from './queues.ts';
import { memoryStreams, type MemoryStreams } from './streams.ts';
import { zip } from './zip.ts';

/** Lambda with everything around it in memory, and a clock that a test moves. */
export interface TestCloud {
  readonly engine: Lambda;
  readonly queues: MemoryQueues;
  readonly streams: MemoryStreams;
  readonly kernel: Kernel;
  readonly told: Activity[];
  readonly events: { bus: string; event: Record<string, unknown> }[];
  /** Actions that the role does not allow. */
  readonly denied: Set<string>;
  readonly folder: string;
  /** What the fault hook does; a test assigns it. */
  faults: FaultHook;
  /** Makes a function from the source text of a CommonJS module; properties add to the template's. */
  define(name: string, source: string | Record<string, string>, properties?: Record<string, unknown>): Promise<CreatedResource>;
  apply(type: string, properties: Record<string, unknown>, logicalId?: string): Promise<CreatedResource>;
  invoke(name: string, event?: unknown): Promise<{ answer: unknown; failed: boolean }>;
  /** Moves the clock on. */
  pass(ms: number): void;
  /** Ends the engine and starts another on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const ROLE = 'arn:aws:iam::000000000000:role/fixture';

export async function testCloud(
  options: { durable?: boolean; folder?: string; beforeInvoke?: (name: string) => Promise<void> | undefined } = {},
): Promise<TestCloud> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'larder-lambda-'));
  const events: TestCloud['events'] = [];
  const denied = new Set<string>();
  let offset = 0;
  const kernel = testKernel({ stateDirectory: options.durable ? join(folder, 'state') : undefined, now: () => Date.now() + offset });
  kernel.faults = {
    onDelivery: (delivery) => cloud.faults.onDelivery?.(delivery),
    onInvocation: (invocation) => cloud.faults.onInvocation?.(invocation),
  };
  const iam: IamPort = {
    allows: (_role, { action }) => (denied.has(action) ? { allowed: false, reason: `no policy allows ${action}` } : { allowed: true }),
    admits: (policy, principal) =>
      JSON.stringify(policy).includes(`"Service":"${principal.service}"`) && JSON.stringify(policy).includes(principal.sourceArn),
    assumes: () => true,
    credentialsFor: ({ functionName }) => ({ accessKeyId: `key-${functionName}`, secretAccessKey: 'secret', sessionToken: 'token' }),
  };
  const queues = memoryQueues(kernel);
  const streams = memoryStreams(kernel);
  const eventsPort: EventsPort = { put: async (bus, event) => void events.push({ bus, event }) };
  const start = (): Promise<Lambda> =>
    createLambda(kernel, { iam, queues, streams, events: () => eventsPort, beforeInvoke: options.beforeInvoke });
  const applied: (() => Promise<unknown>)[] = [];
  let engine = await start();

  const applyTo = (type: string, properties: Record<string, unknown>, logicalId: string): Promise<CreatedResource> => {
    const resourceType = engine.resourceTypes.find((candidate) => candidate.type === type);
    if (resourceType === undefined) throw new Error(`No resource type ${type}`);
    return resourceType.apply({ logicalId, properties, stackName: 'shop-local', service: 'shop', packageDirectory: folder });
  };

  const cloud: TestCloud = {
    get engine() {
      return engine;
    },
    queues,
    streams,
    kernel,
    told: kernel.told,
    events,
    denied,
    folder,
    faults: {},
    async apply(type, properties, logicalId = `${type}${String(applied.length)}`) {
      const created = await applyTo(type, properties, logicalId);
      applied.push(() => applyTo(type, properties, logicalId));
      return created;
    },
    define(name, source, properties = {}) {
      const files = typeof source === 'string' ? { 'index.js': source } : source;
      const archive = join(folder, `${name}-${String(applied.length)}.zip`);
      mkdirSync(dirname(archive), { recursive: true });
      writeFileSync(archive, zip(files));
      const template = {
        FunctionName: name,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: ROLE,
        Timeout: 5,
        Code: { S3Bucket: 'deployment', S3Key: `a/b/${archive.split('/').pop() ?? ''}` },
      };
      return cloud.apply('AWS::Lambda::Function', { ...template, ...properties }, name);
    },
    async invoke(name, event = {}) {
      const result = await engine.lambda.invoke({ functionName: name, payload: JSON.stringify(event), type: 'RequestResponse' });
      return { answer: JSON.parse(result.payload) as unknown, failed: result.functionError !== undefined };
    },
    pass(ms) {
      offset += ms;
      engine.functions.wake();
    },
    async restart() {
      await engine.close();
      engine = await start();
      for (const again of applied) await again();
    },
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return cloud;
}

/** Waits until something holds, for a bounded time. */
export async function until(holds: () => boolean, what: string, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
