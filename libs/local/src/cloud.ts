import { createDeadLetters } from './control/dead-letters.ts';
import { createJournal } from './control/journal.ts';
import { controlRoutes } from './control/routes.ts';
import { serviceStatus, type CloudStatus } from './control/status.ts';
import { createEndpoint } from './endpoint/endpoint.ts';
import { createEngines } from './engines.ts';
import type { FaultHook } from './kernel/faults.ts';
import type { Activity, Kernel } from './kernel/kernel.ts';
import { findServices } from './package/find-services.ts';
import { settle } from './settle.ts';
import { createServices, type Services } from './services.ts';
import { customResources } from './stack/custom-resource.ts';

export interface CloudOptions {
  /** Absolute; has a `serverless-compose.yml` or a `serverless.yml`. */
  readonly folder: string;
  /** Of the AWS APIs; 0 for any that is free. */
  readonly port: number;
  /** Of the HTTP APIs; 0 for any that is free. */
  readonly gatewayPort: number;
  readonly stage: string;
  /** Where state is kept; undefined keeps it in memory. Packages are kept in `<folder>/.larder/packages` in any case. */
  readonly stateDirectory: string | undefined;
  readonly iam: 'enforce' | 'warn';
  readonly faults: FaultHook;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told everything that happens, from the beginning. */
  readonly onActivity?: ((activity: Activity) => void) | undefined;
  /** Makes `POST /_local/reset` work: ends this cloud, removes its state, and starts another. */
  readonly onReset?: (() => void) | undefined;
}

/** A running cloud. */
export interface Cloud {
  readonly endpointUrl: string;
  readonly gatewayUrl: string;
  /** From the call of `startCloud` until every service was tried. */
  readonly msToReady: number;
  status(): Promise<CloudStatus>;
  close(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

/**
 * Starts the cloud and puts every service of a folder to work. A service that cannot be packaged or deployed is told as a
 * notice, and the others run.
 *
 * @throws {PortInUse}
 * @throws {Error} a sentence for the person at the keyboard: no services, unreadable state, services that wait for each other.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const startedAt = performance.now();
  const sources = await findServices(options.folder, options.stage);
  // Engines call back for services, which are made of engines.
  let services: Services | undefined;
  const journal = createJournal((functionName) => services?.ownerOf(functionName));
  if (options.onActivity) journal.listen(options.onActivity);
  const urls = { endpointUrl: `http://localhost:${options.port}`, gatewayUrl: `http://localhost:${options.gatewayPort}` };
  const kernel = createKernel(options, urls, journal.tell);
  let ready = false;
  const engines = await createEngines(kernel, {
    beforeInvoke: (functionName) => services?.beforeInvoke(functionName),
    isReady: () => ready,
  });
  const custom = customResources(kernel, () => engines.lambda);
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, ...(options.signal ? [options.signal] : [])]);

  const describe = async (): Promise<CloudStatus['services']> => {
    const readers = await engines.readers();
    return Promise.all(
      (services?.all() ?? []).map((service) =>
        serviceStatus(
          service,
          kernel,
          { queues: engines.sqs.queues, topics: engines.topics, machines: engines.machines },
          readers,
          journal,
        ),
      ),
    );
  };
  const status = async (): Promise<CloudStatus> => ({
    pid: process.pid,
    folder: options.folder,
    stage: options.stage,
    state: ready ? 'ready' : 'starting',
    endpoint: kernel.endpointUrl,
    gateway: kernel.gatewayUrl,
    iam: kernel.iam,
    stateDirectory: options.stateDirectory,
    services: await describe(),
  });
  const control = controlRoutes({
    journal,
    lambda: engines.lambda,
    custom,
    deadLetters: createDeadLetters({ queues: engines.sqs.queues, lambda: engines.lambda, inspect: engines.sqs.inspect }),
    service: (name) => services?.get(name),
    status,
    reset: options.onReset,
  });
  const endpoint = createEndpoint(kernel, {
    services: engines.services,
    iam: engines.iam,
    crash: engines.crash,
    routes: [...engines.routes, ...control],
  });

  const close = async (): Promise<void> => {
    ending.abort();
    await services?.close();
    // What still runs may call AWS APIs until its end.
    await engines.drain();
    await endpoint.close();
    await engines.close();
  };

  try {
    urls.endpointUrl = `http://localhost:${await endpoint.listen(options.port)}`;
    urls.gatewayUrl = `http://localhost:${await engines.listenGateway(options.gatewayPort)}`;
    const { folder, stage } = options;
    services = createServices({ sources, folder, stage, kernel, engines, custom, signal });
    await services.start();
    const running = (): number => engines.functions.list().reduce((sum, { running }) => sum + running, 0);
    await settle(running, signal);
    ready = true;
    const msToReady = Math.round(performance.now() - startedAt);
    // In the background, so that the first request of each function does not wait for a thread.
    void engines.functions.prepare();
    // Old code only takes room: that it cannot be removed is no reason to stop.
    void engines.functions.tidy().catch(() => {});
    return { ...urls, msToReady, status, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createKernel(options: CloudOptions, urls: { endpointUrl: string; gatewayUrl: string }, tell: Kernel['tell']): Kernel {
  return {
    region: REGION,
    accountId: ACCOUNT,
    partition: 'aws',
    // With port 0 the addresses are known once somebody listens.
    get endpointUrl() {
      return urls.endpointUrl;
    },
    get gatewayUrl() {
      return urls.gatewayUrl;
    },
    stateDirectory: options.stateDirectory,
    iam: options.iam,
    faults: options.faults,
    now: () => Date.now(),
    tell,
  };
}
