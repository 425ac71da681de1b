import type { Activity, Kernel } from '../kernel/kernel.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import type { PackagedService } from '../package/packager.ts';
import { customResources } from './custom-resource.ts';
import { stackDeployer, type StackDeployer } from './deploy-stack.ts';
import { openStackStore, type StackStore } from './stack-store.ts';
import type { Template } from './template.ts';

/** A deployer over a type `Test::Thing` that writes down what is asked of it, and SSM parameters in memory. */
export interface TestStack {
  readonly deployer: StackDeployer;
  readonly kernel: Kernel;
  readonly store: StackStore;
  /** `apply Name` and `remove Name`, in order. */
  readonly calls: string[];
  readonly told: Activity[];
}

export function testStack(options: { failing?: string; ssm?: Record<string, string>; stateDirectory?: string } = {}): TestStack {
  const calls: string[] = [];
  const told: Activity[] = [];
  const parameters = new Map(Object.entries(options.ssm ?? {}));
  const kernel = testKernel((activity) => told.push(activity));
  const thing: ResourceType = {
    type: 'Test::Thing',
    async apply({ logicalId, properties }) {
      if (logicalId === options.failing) throw new Error('no room');
      calls.push(`apply ${logicalId}`);
      const name = String(properties['Name'] ?? logicalId);
      return { physicalId: name, attributes: { Arn: `arn:${name}` } };
    },
    async remove(physicalId) {
      calls.push(`remove ${physicalId}`);
    },
  };
  const parameter: ResourceType = {
    type: 'AWS::SSM::Parameter',
    async apply({ properties }) {
      parameters.set(String(properties['Name']), String(properties['Value']));
      return { physicalId: String(properties['Name']), attributes: {} };
    },
    remove: async (physicalId) => void parameters.delete(physicalId),
  };
  const store = openStackStore(options.stateDirectory);
  const custom = customResources(kernel, () => ({ invoke: () => Promise.reject(new Error('no functions here')) }));
  const sources = { ssm: (name: string) => parameters.get(name), secret: () => undefined };
  return { deployer: stackDeployer({ kernel, types: [thing, parameter], sources, custom, store }), kernel, store, calls, told };
}

export function testKernel(tell: Kernel['tell'] = () => {}): Kernel {
  return {
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    endpointUrl: 'http://localhost:1',
    gatewayUrl: 'http://localhost:2',
    stateDirectory: undefined,
    iam: 'enforce',
    faults: {},
    now: () => 0,
    tell,
  };
}

/** A package that has a template and no archives. */
export function packaged(name: string, template: Template, dependsOn: readonly string[] = []): PackagedService {
  return {
    source: { name, folder: `/${name}`, dependsOn, params: {} },
    stackName: `${name}-local`,
    directory: '/nowhere',
    template,
    functions: {},
    parameters: {},
    hash: '0',
    cached: true,
    ms: 0,
  };
}
