import type { Engine } from '../kernel/engine.ts';
import { generatedName } from '../kernel/generated-name.ts';
import { jsonService } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import { type Documents, openState } from '../kernel/state.ts';
import { secretOperations } from './operations.ts';
import { generationFromTemplate } from './password.ts';
import { createSecretStore, type SecretStore } from './secret-store.ts';

export interface SecretsManagerEngine extends Engine {
  /** The current value of a secret, or one member of its JSON, for `{{resolve:secretsmanager:…}}`. */
  readonly secrets: { get(id: string, jsonKey?: string): string | undefined };
}

/** Secrets Manager. State in `<stateDirectory>/secrets-manager.sqlite`. */
export async function createSecretsManager(kernel: Kernel): Promise<SecretsManagerEngine> {
  const state = openState(kernel.stateDirectory, 'secrets-manager');
  const store = createSecretStore(kernel, state);
  return {
    services: [
      jsonService({ signingName: 'secretsmanager', targetPrefix: 'secretsmanager', jsonVersion: '1.1' }, secretOperations(kernel, store)),
    ],
    resourceTypes: [secretType(store, state.documents('template'))],
    secrets: { get: (id, jsonKey) => member(store.current(id)?.string, jsonKey) },
    close: async () => state.close(),
  };
}

/**
 * A generated secret is generated once: a start of the cloud, or another template, leaves it as it is. A start leaves alone what
 * somebody has put there since, too.
 *
 * @param templates the value that a template gave each secret last.
 */
function secretType(store: SecretStore, templates: Documents<string>): ResourceType {
  return {
    type: 'AWS::SecretsManager::Secret',
    apply: async (request) => {
      const { properties } = request;
      const name = String(properties['Name'] ?? generatedName(request, 512));
      const description = properties['Description'] === undefined ? undefined : String(properties['Description']);
      const given = properties['SecretString'] === undefined ? undefined : String(properties['SecretString']);
      const generation = generationFromTemplate(properties['GenerateSecretString']);
      const secret = store.findForUpdate(name, description) ?? store.create(name, { description });
      const current = store.current(secret.arn);
      const changed = !current || (current.string !== given && templates.get(name) !== given);
      if (given !== undefined && changed) store.putValue(secret.arn, { string: given });
      else if (given === undefined && generation && !current) store.putValue(secret.arn, { string: generation() });
      if (given !== undefined && templates.get(name) !== given) templates.put(name, given);
      return { physicalId: secret.arn, attributes: { Id: secret.arn } };
    },
    remove: async (physicalId) => {
      if (store.find(physicalId)) store.remove(physicalId);
    },
  };
}

function member(text: string | undefined, key: string | undefined): string | undefined {
  if (text === undefined || key === undefined || key === '') return text;
  try {
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[key];
    return value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
