import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { EventsPort, IamPort, LambdaPort, QueuePort, StreamPort } from '../kernel/ports.ts';
import { createApi } from './api.ts';
import { createAsynchronous } from './asynchronous.ts';
import { createCodeFolders } from './code-folders.ts';
import { createFunctionsControl, type FunctionsControl } from './control.ts';
import { createDestinations } from './destinations.ts';
import { createFleet } from './fleet.ts';
import { functionResourceTypes } from './function-resources.ts';
import { createFunctionUrls, type FunctionUrls } from './function-url.ts';
import { createFunctions } from './functions.ts';
import { createInvokeOperation, createLambdaPort } from './invoke.ts';
import { createInvoker } from './invoker.ts';
import { createMappings, type Mappings } from './mapping-resource.ts';
import { createAdmission } from './policy.ts';
import { openStore } from './store.ts';
import { createTimers } from './timers.ts';

export type { FunctionsControl, FunctionState } from './control.ts';

export interface LambdaDeps {
  readonly iam: IamPort;
  readonly queues: QueuePort;
  readonly streams: StreamPort;
  /** Asked for when it is needed: EventBridge needs Lambda as well. */
  readonly events: () => EventsPort;
  /** Runs before every invocation, for hot reload: what it returns is waited for, and the invocation runs the newest code. */
  readonly beforeInvoke?: ((functionName: string) => Promise<void> | undefined) | undefined;
}

export interface Lambda extends Engine {
  readonly lambda: LambdaPort;
  readonly functions: FunctionsControl;
  readonly functionUrls: FunctionUrls;
  /** How far each reader of a stream is behind. */
  readonly readers: Mappings['readers'];
}

/** Invocations that run when the cloud stops have this long to end. */
const DRAIN_MS = 3000;

/** The Lambda of the laptop cloud: functions in worker threads, their event sources, their retries. */
export async function createLambda(kernel: Kernel, deps: LambdaDeps): Promise<Lambda> {
  const store = openStore(kernel.stateDirectory);
  const timers = createTimers(kernel);
  const functions = createFunctions(kernel);
  const fleet = createFleet(kernel, deps.iam);
  const codes = createCodeFolders(kernel, functions, fleet);
  const invoker = createInvoker(kernel, functions, fleet, deps.beforeInvoke);
  const admission = createAdmission(deps.iam);
  const destinations = createDestinations(kernel, { ...deps, lambda: () => lambda });
  const asynchronous = createAsynchronous(kernel, { functions, invoker, store, timers, destinations });
  const invokeDeps = { functions, invoker, asynchronous, admit: admission.check };
  const lambda = createLambdaPort(invokeDeps);
  const mappings = createMappings({ ...deps, kernel, functions, invoker, timers, store, destinations });
  const functionUrls = createFunctionUrls(kernel, functions, invoker);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    mappings.stop();
    asynchronous.pause();
    await fleet.drain(DRAIN_MS);
    // What has just ended still deletes its messages and keeps its position.
    await sleep(20);
    asynchronous.close();
    await fleet.close();
    timers.close();
    store.close();
  };
  return {
    lambda,
    functions: createFunctionsControl({ functions, fleet, codes, timers }),
    functionUrls: functionUrls.urls,
    readers: mappings.readers,
    services: [createApi({ functions, mappings: mappings.list, invoke: createInvokeOperation(invokeDeps) })],
    resourceTypes: [
      ...functionResourceTypes({ kernel, iam: deps.iam, functions, fleet, codes, asynchronous, store, forgetAdmissions: admission.forget }),
      mappings.type,
      functionUrls.type,
    ],
    close: () => (closing ??= close()),
  };
}
