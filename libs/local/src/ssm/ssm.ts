import type { Engine } from '../kernel/engine.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import { type Documents, openState } from '../kernel/state.ts';
import { ssmOperations } from './operations.ts';
import { createParameterStore, type ParameterStore, type ParameterType } from './parameter-store.ts';

export interface SsmEngine extends Engine {
  /** The newest value of a parameter, for `AWS::SSM::Parameter::Value<…>` and `{{resolve:ssm:…}}` (also `name:version`). */
  readonly parameters: { get(name: string): string | undefined };
}

/** Systems Manager's Parameter Store. State in `<stateDirectory>/ssm.sqlite`. */
export async function createSsm(kernel: Kernel): Promise<SsmEngine> {
  const state = openState(kernel.stateDirectory, 'ssm');
  const store = createParameterStore(kernel, state);
  return {
    services: [jsonService({ signingName: 'ssm', targetPrefix: 'AmazonSSM', jsonVersion: '1.1' }, ssmOperations(kernel, store))],
    resourceTypes: [parameterType(store, state.documents('template'))],
    parameters: { get: (name) => store.find(name)?.version.value },
    close: async () => state.close(),
  };
}

/** @param templates the value that a template gave each parameter last. */
function parameterType(store: ParameterStore, templates: Documents<string>): ResourceType {
  return {
    type: 'AWS::SSM::Parameter',
    apply: async (request) => {
      const { properties } = request;
      const name = String(properties['Name'] ?? `CFN-${generatedName(request, 1000)}`);
      const listed = properties['Value'];
      const value = Array.isArray(listed) ? listed.join(',') : String(listed);
      const type = String(properties['Type'] ?? 'String') as ParameterType;
      const before = store.find(name)?.version;
      // A start of the cloud is no new version, and leaves alone what somebody has put there since.
      const changed = before === undefined || before.type !== type || (before.value !== value && templates.get(name) !== value);
      if (changed) {
        const text = (property: string) => (properties[property] === undefined ? undefined : String(properties[property]));
        const settings = { type, description: text('Description'), tier: text('Tier'), allowedPattern: text('AllowedPattern') };
        store.put(name, value, { ...settings, overwrite: true });
      }
      if (templates.get(name) !== value) templates.put(name, value);
      return { physicalId: name, attributes: { Type: type, Value: value } };
    },
    remove: async (physicalId) => {
      templates.delete(physicalId);
      store.remove(physicalId);
    },
  };
}
