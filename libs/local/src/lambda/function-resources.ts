import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort } from '../kernel/ports.ts';
import type { CreatedResource, ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { Asynchronous } from './asynchronous.ts';
import type { CodeFolders } from './code-folders.ts';
import { toConfiguration, type Deployment } from './configuration.ts';
import { toEventConfiguration } from './event-configuration.ts';
import type { Fleet } from './fleet.ts';
import { parseName, type Functions, type LambdaFunction } from './functions.ts';
import { toStatement } from './policy.ts';
import type { Store } from './store.ts';

export interface FunctionResourceDeps {
  readonly kernel: Kernel;
  readonly iam: IamPort;
  readonly functions: Functions;
  readonly fleet: Fleet;
  readonly codes: CodeFolders;
  readonly asynchronous: Asynchronous;
  readonly store: Store;
  /** The function's policy has changed. */
  readonly forgetAdmissions: (functionName: string) => void;
}

/** `AWS::Lambda::Function` and what hangs on its name. */
export function functionResourceTypes(deps: FunctionResourceDeps): ResourceType[] {
  return [functionType(deps), versionType(deps), aliasType(deps), permissionType(deps), eventInvokeConfigType(deps)];
}

function functionType({ kernel, iam, functions, fleet, codes, asynchronous }: FunctionResourceDeps): ResourceType {
  const apply = async (request: ResourceRequest): Promise<CreatedResource> => {
    const { properties, service, stackName, packageDirectory } = request;
    const configuration = toConfiguration(properties, generatedName(request, 64), service);
    // Refused as CreateFunction does it, when Lambda may not assume the role.
    iam.credentialsFor(configuration);
    const code = await codes.unpack((properties['Code'] as Record<string, unknown> | undefined) ?? {}, packageDirectory);
    const name = configuration.functionName;
    const runs = Number.parseInt(configuration.runtime.slice('nodejs'.length), 10);
    const here = Number.parseInt(process.versions.node, 10);
    if (runs > here)
      kernel.tell({
        kind: 'notice',
        at: kernel.now(),
        level: 'warn',
        service,
        message: `${name} asks for ${configuration.runtime} and runs under Node.js ${String(here)}.`,
      });
    for (const ignored of ['Layers', 'VpcConfig', 'FileSystemConfigs'] as const) {
      const value = properties[ignored];
      if (value !== undefined && !(Array.isArray(value) && value.length === 0))
        kernel.tell({
          kind: 'notice',
          at: kernel.now(),
          level: 'warn',
          service,
          message: `${name} has ${ignored}, which have no effect on the laptop.`,
        });
    }
    const existing = functions.all.get(name);
    const latest: Deployment = { configuration, code, version: '$LATEST', modifiedAt: kernel.now() };
    if (existing === undefined) {
      functions.all.set(name, {
        name,
        arn: functions.arnOf(name),
        stackName,
        latest,
        versions: new Map(),
        aliases: new Map(),
        statements: new Map(),
        eventConfigurations: new Map(),
        running: 0,
        lastError: undefined,
      });
      fleet.spare(configuration.memoryMb);
      asynchronous.resume(name);
    } else if (!sameDeployment(existing.latest, latest)) {
      const old = existing.latest;
      existing.latest = latest;
      existing.lastError = undefined;
      codes.retire(old);
    }
    return { physicalId: name, attributes: { Arn: functions.arnOf(name) } };
  };
  return {
    type: 'AWS::Lambda::Function',
    apply: (request) => codes.inTurn(() => apply(request)),
    async remove(physicalId) {
      const fn = functions.all.get(physicalId);
      if (fn === undefined) return;
      asynchronous.abandon(physicalId);
      functions.all.delete(physicalId);
      for (const deployment of [fn.latest, ...fn.versions.values()]) codes.retire(deployment);
    },
  };
}

function versionType({ kernel, functions, codes, store }: FunctionResourceDeps): ResourceType {
  return {
    type: 'AWS::Lambda::Version',
    async apply(request) {
      const fn = owner(functions, request);
      const version = String(store.versionNumber(fn.name, `${request.stackName}/${request.logicalId}`));
      if (!fn.versions.has(version)) fn.versions.set(version, { ...fn.latest, version, modifiedAt: kernel.now() });
      const arn = `${fn.arn}:${version}`;
      return { physicalId: arn, attributes: { Version: version, FunctionArn: arn } };
    },
    async remove(physicalId) {
      const { name, qualifier = '' } = parseName(physicalId);
      const fn = functions.find(name);
      const deployment = fn?.versions.get(qualifier);
      if (fn === undefined || deployment === undefined) return;
      fn.versions.delete(qualifier);
      codes.retire(deployment);
    },
  };
}

function aliasType({ kernel, functions }: FunctionResourceDeps): ResourceType {
  return {
    type: 'AWS::Lambda::Alias',
    async apply(request) {
      const fn = owner(functions, request);
      const name = String(request.properties['Name']);
      const version = String(request.properties['FunctionVersion']);
      functions.resolve(fn.name, version);
      fn.aliases.set(name, version);
      const { AdditionalVersionWeights = [] } = (request.properties['RoutingConfig'] ?? {}) as {
        AdditionalVersionWeights?: readonly unknown[];
      };
      if (AdditionalVersionWeights.length > 0)
        kernel.tell({
          kind: 'notice',
          at: kernel.now(),
          level: 'warn',
          service: request.service,
          message: `The alias ${name} of ${fn.name} sends everything to version ${version}: RoutingConfig has no effect on the laptop.`,
        });
      const arn = `${fn.arn}:${name}`;
      return { physicalId: arn, attributes: { AliasArn: arn } };
    },
    async remove(physicalId) {
      const { name, qualifier = '' } = parseName(physicalId);
      functions.find(name)?.aliases.delete(qualifier);
    },
  };
}

function permissionType({ functions, forgetAdmissions }: FunctionResourceDeps): ResourceType {
  return {
    type: 'AWS::Lambda::Permission',
    async apply(request) {
      const reference = String(request.properties['FunctionName']);
      const fn = owner(functions, request);
      const { qualifier } = parseName(reference);
      const sid = `${request.stackName}-${request.logicalId}`;
      fn.statements.set(sid, toStatement(request.properties, sid, qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`));
      forgetAdmissions(fn.name);
      return { physicalId: `${fn.name}|${sid}`, attributes: { Id: sid } };
    },
    async remove(physicalId) {
      const [name = '', sid = ''] = physicalId.split('|');
      functions.find(name)?.statements.delete(sid);
      forgetAdmissions(name);
    },
  };
}

function eventInvokeConfigType({ functions }: FunctionResourceDeps): ResourceType {
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    async apply(request): Promise<CreatedResource> {
      const fn = owner(functions, request);
      const qualifier = String(request.properties['Qualifier'] ?? '$LATEST');
      fn.eventConfigurations.set(qualifier, toEventConfiguration(request.properties));
      return { physicalId: `${fn.name}|${qualifier}`, attributes: {} };
    },
    async remove(physicalId) {
      const [name = '', qualifier = ''] = physicalId.split('|');
      functions.find(name)?.eventConfigurations.delete(qualifier);
    },
  };
}

function owner(functions: Functions, { properties }: ResourceRequest): LambdaFunction {
  return functions.resolve(parseName(String(properties['FunctionName'])).name).fn;
}

function sameDeployment(a: Deployment, b: Deployment): boolean {
  return a.code.directory === b.code.directory && JSON.stringify(a.configuration) === JSON.stringify(b.configuration);
}
