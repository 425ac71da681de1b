import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Kernel } from '../kernel/kernel.ts';
import type { CreatedResource, ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import type { PackagedService } from '../package/packager.ts';
import type { CustomResources } from './custom-resource.ts';
import { resolveReferences, type ReferenceSources } from './dynamic-references.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { standIn } from './not-run.ts';
import { MissingSsmParameter, resolveParameters } from './parameters.ts';
import { resourceOrder } from './resource-order.ts';
import { stackScope } from './stack-scope.ts';
import { isCustom, type DeployedResource, type DeployedStack, type StackStore } from './stack-store.ts';
import { assertRunnable, type TemplateResource } from './template.ts';

export interface DeployerOptions {
  readonly kernel: Kernel;
  readonly types: readonly ResourceType[];
  readonly sources: ReferenceSources;
  readonly custom: CustomResources;
  readonly store: StackStore;
  /** Told before a function of the project is asked to make a resource. */
  onCustomResource?(service: string): void;
}

/** Makes the resources of stacks. */
export interface StackDeployer {
  /** @throws {Error} naming the resource that could not be made; what was made before it stays. */
  deploy(packaged: PackagedService): Promise<DeployedStack>;
}

/** A deployer remembers what it applied, so that deploying again touches only what has changed. */
export function stackDeployer(options: DeployerOptions): StackDeployer {
  const types = new Map(options.types.map((type) => [type.type, type]));
  const applied = new Map<string, string>();
  /** The last deployment of each stack: the next begins when it has ended. */
  const turns = new Map<string, Promise<unknown>>();

  return {
    deploy(packaged) {
      const { stackName } = packaged;
      const turn = Promise.allSettled([turns.get(stackName)]).then(() => deployNow(packaged));
      turns.set(stackName, turn);
      return turn;
    },
  };

  async function deployNow(packaged: PackagedService): Promise<DeployedStack> {
    const { template, stackName } = packaged;
    assertRunnable(template);
    const previous = options.store.get(stackName);
    const parameters = resolveParameters(template.Parameters ?? {}, {
      given: packaged.parameters,
      ssm: (name) => options.sources.ssm(name),
    });
    const resources = new Map<string, DeployedResource>();
    const scope = stackScope({
      kernel: options.kernel,
      stackName,
      template,
      parameters,
      resources,
      exported: (name) => exported(options.store, name),
    });
    const order = resourceOrder(template, scope);
    try {
      for (const logicalId of order) {
        const before = previous?.resources[logicalId];
        const resource = template.Resources[logicalId] as TemplateResource;
        resources.set(logicalId, await inContext(logicalId, resource.Type, () => make(logicalId, resource, before)));
      }
    } catch (error) {
      // What stood before and was not reached still stands.
      save({ ...previous?.resources, ...Object.fromEntries(resources) }, previous);
      throw error;
    }
    for (const [logicalId, resource] of Object.entries(previous?.resources ?? {}).reverse()) {
      if (!resources.has(logicalId)) await remove(logicalId, resource, [...resources.values()]);
    }
    return save(Object.fromEntries(resources), evaluateOutputs());

    async function make(logicalId: string, resource: TemplateResource, before: DeployedResource | undefined): Promise<DeployedResource> {
      const properties = await resolveReferences(evaluate(resource.Properties ?? {}, scope), options.sources);
      const request: ResourceRequest = {
        logicalId,
        properties: properties as ResourceRequest['properties'],
        stackName,
        service: packaged.source.name,
        packageDirectory: packaged.directory,
      };
      const key = `${stackName}/${logicalId}`;
      const fingerprint = fingerprintOf(resource.Type, request);
      const retain = resource.DeletionPolicy?.startsWith('Retain') ?? false;
      const same = before?.type === resource.Type ? before : undefined;
      if (same && applied.get(key) === fingerprint) return { ...same, retain };
      // Until it has been applied: what fails half-way is neither what it was nor what it is to be.
      applied.delete(key);
      const created = await create(resource.Type, request, same);
      const notRun = !types.has(resource.Type) && !isCustom(resource.Type);
      const after: DeployedResource = {
        type: resource.Type,
        ...created,
        retain,
        notRun: notRun || undefined,
        properties: request.properties,
      };
      const retainReplaced = retain || resource.UpdateReplacePolicy === 'Retain';
      if (before && identityOf(before) !== identityOf(after)) await remove(logicalId, { ...before, retain: retainReplaced }, [after]);
      applied.set(key, fingerprint);
      return after;
    }

    async function create(type: string, request: ResourceRequest, before: DeployedResource | undefined): Promise<CreatedResource> {
      if (isCustom(type)) {
        options.onCustomResource?.(packaged.source.name);
        return options.custom.apply(type, request, before);
      }
      return (await types.get(type)?.apply(request)) ?? standIn(type, request, options.kernel);
    }

    async function remove(logicalId: string, resource: DeployedResource, standing: readonly DeployedResource[]): Promise<void> {
      applied.delete(`${stackName}/${logicalId}`);
      // A resource under a new logical id keeps its physical one: that is not to be removed.
      const moved = standing.some((other) => other.type === resource.type && identityOf(other) === identityOf(resource));
      if (resource.retain || resource.notRun || moved) return;
      try {
        if (isCustom(resource.type)) await options.custom.remove(logicalId, stackName, resource);
        else await types.get(resource.type)?.remove(resource.physicalId);
      } catch (error) {
        const message = `${logicalId} (${resource.type}) has left the template and could not be removed: ${(error as Error).message}`;
        options.kernel.tell({ kind: 'notice', at: options.kernel.now(), level: 'warn', service: packaged.source.name, message });
      }
    }

    function evaluateOutputs(): Pick<DeployedStack, 'outputs' | 'exports'> {
      const outputs: Record<string, unknown> = {};
      const exports: Record<string, unknown> = {};
      for (const [name, output] of Object.entries(template.Outputs ?? {})) {
        if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
        outputs[name] = tryEvaluate(`output ${name}`, output.Value, scope);
        if (output.Export) exports[String(tryEvaluate(`export of ${name}`, output.Export.Name, scope))] = outputs[name];
      }
      return { outputs, exports };
    }

    function save(made: DeployedStack['resources'], rest: Pick<DeployedStack, 'outputs' | 'exports'> | undefined): DeployedStack {
      const stack = {
        stackName,
        service: packaged.source.name,
        resources: made,
        outputs: rest?.outputs ?? {},
        exports: rest?.exports ?? {},
      };
      options.store.put(stack);
      return stack;
    }
  }
}

/** A queue's id is its URL, and the port in it may be another one at every start. */
function identityOf({ physicalId }: DeployedResource): string {
  return physicalId.replace(/^https?:\/\/[^/]+/, '');
}

function exported(store: StackStore, name: string): unknown {
  const stack = store.all().find(({ exports }) => Object.hasOwn(exports, name));
  if (stack === undefined) throw new Error(`imports ${name}, which no stack exports`);
  return stack.exports[name];
}

function tryEvaluate(what: string, value: unknown, scope: Scope): unknown {
  try {
    return evaluate(value, scope);
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

async function inContext<Result>(logicalId: string, type: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MissingSsmParameter) throw error;
    throw new Error(`${logicalId} (${type}): ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Tells whether a resource has to be applied again. The framework writes the time into each archive's key; what counts is
 * what is in the archive, so a function whose code did not change keeps its warm environments.
 */
function fingerprintOf(type: string, request: ResourceRequest): string {
  if (type !== 'AWS::Lambda::Function') return JSON.stringify(request.properties);
  const { Code, ...rest } = request.properties as { Code?: { S3Key?: unknown } };
  if (typeof Code?.S3Key !== 'string') return JSON.stringify(request.properties);
  const archive = readFileSync(join(request.packageDirectory, basename(Code.S3Key)));
  return `${JSON.stringify(rest)}${createHash('sha256').update(archive).digest('hex')}`;
}
