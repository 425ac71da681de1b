import { randomInt, randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';

export interface SecretVersion {
  readonly id: string;
  readonly string?: string | undefined;
  /** Base64. */
  readonly binary?: string | undefined;
  /** `AWSCURRENT`, `AWSPREVIOUS`, `AWSPENDING`, or one's own. */
  readonly stages: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface Secret {
  readonly name: string;
  /** Ends with six random characters, as AWS's do. */
  readonly arn: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When it is to be gone, once it has been deleted. */
  readonly deleteAt?: number | undefined;
  /** Oldest first; those without a stage are forgotten beyond 20. */
  readonly versions: readonly SecretVersion[];
}

export interface Content {
  readonly string?: string | undefined;
  readonly binary?: string | undefined;
}

export interface SecretStore {
  /** By name, ARN, or ARN without its six characters. Deleted secrets too. */
  find(id: string): Secret | undefined;
  /** @throws {AwsError} `ResourceNotFoundException`; `InvalidRequestException` when it is deleted. */
  get(id: string): Secret;
  current(id: string): SecretVersion | undefined;
  /** The secret of that name with another description, brought back if it was deleted; undefined when there is none. */
  findForUpdate(name: string, description: string | undefined): Secret | undefined;
  all(): readonly Secret[];
  create(name: string, settings: { description?: string | undefined; kmsKeyId?: string | undefined }): Secret;
  change(id: string, changes: Partial<Pick<Secret, 'description' | 'kmsKeyId' | 'deleteAt'>>): Secret;
  /** Adds a version; the same token with the same content is the same version. */
  putValue(id: string, content: Content, options?: { token?: string | undefined; stages?: readonly string[] | undefined }): SecretVersion;
  remove(id: string): void;
}

const maximumBytes = 65_536;
const keptVersions = 20;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Secrets with their versions, on disk. */
export function createSecretStore(kernel: Kernel, state: State): SecretStore {
  const secrets = state.documents<Secret>('secret');
  const prefix = `arn:${kernel.partition}:secretsmanager:${kernel.region}:${kernel.accountId}:secret:`;
  const keep = (secret: Secret): Secret => {
    secrets.put(secret.name, secret);
    return secret;
  };
  const find = (id: string): Secret | undefined => {
    const name = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    const whole = id.startsWith(prefix) ? secrets.get(name.replace(/-[A-Za-z0-9]{6}$/, '')) : undefined;
    const secret = whole?.arn === id ? whole : secrets.get(name);
    if (secret?.deleteAt !== undefined && secret.deleteAt <= kernel.now()) {
      secrets.delete(secret.name);
      return undefined;
    }
    return secret;
  };
  const get = (id: string): Secret => {
    const secret = find(id);
    if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    if (secret.deleteAt !== undefined)
      throw new AwsError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
    return secret;
  };

  return {
    find,
    get,
    current: (id) => {
      const secret = find(id);
      return secret?.deleteAt === undefined ? secret?.versions.find((version) => version.stages.includes('AWSCURRENT')) : undefined;
    },
    findForUpdate: (name, description) => {
      const secret = find(name);
      return secret && keep({ ...secret, description, deleteAt: undefined });
    },
    all: () => secrets.all().flatMap((secret) => find(secret.name) ?? []),
    create: (name, settings) => {
      if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name))
        throw new AwsError(
          'ValidationException',
          'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        );
      const existing = find(name);
      if (existing?.deleteAt !== undefined)
        throw new AwsError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      if (existing) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
      const suffix = Array.from({ length: 6 }, () => letters.charAt(randomInt(letters.length))).join('');
      const now = kernel.now();
      return keep({ name, arn: `${prefix}${name}-${suffix}`, createdAt: now, changedAt: now, versions: [], ...settings });
    },
    change: (id, changes) => {
      const secret = find(id);
      if (!secret) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      return keep({ ...secret, ...changes, changedAt: kernel.now() });
    },
    putValue: (id, content, { token = randomUUID(), stages = ['AWSCURRENT'] } = {}) => {
      const secret = get(id);
      checkContent(content);
      const same = secret.versions.find((version) => version.id === token);
      if (same) {
        if (same.string === content.string && same.binary === content.binary) return same;
        throw new AwsError('ResourceExistsException', `A version with the token ${token} already exists, with another value.`);
      }
      const version: SecretVersion = { id: token, ...content, stages, createdAt: kernel.now() };
      const versions = forget([...move(secret.versions, stages), version]);
      keep({ ...secret, versions, changedAt: kernel.now() });
      return version;
    },
    remove: (id) => {
      const secret = find(id);
      if (secret) secrets.delete(secret.name);
    },
  };
}

/** A stage stands at one version; what loses AWSCURRENT becomes AWSPREVIOUS. */
function move(versions: readonly SecretVersion[], taken: readonly string[]): SecretVersion[] {
  const becomesPrevious = taken.includes('AWSCURRENT') && versions.some((version) => version.stages.includes('AWSCURRENT'));
  return versions.map((version) => {
    const wasCurrent = version.stages.includes('AWSCURRENT');
    const left = version.stages.filter((stage) => !taken.includes(stage) && !(becomesPrevious && stage === 'AWSPREVIOUS'));
    return { ...version, stages: becomesPrevious && wasCurrent ? [...left, 'AWSPREVIOUS'] : left };
  });
}

function forget(versions: SecretVersion[]): SecretVersion[] {
  return versions.filter((version, index) => version.stages.length > 0 || index >= versions.length - keptVersions);
}

function checkContent({ string, binary }: Content): void {
  if ((string === undefined) === (binary === undefined))
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  if (Buffer.byteLength(string ?? binary ?? '') > maximumBytes)
    throw new AwsError('ValidationException', `A secret's value has at most ${maximumBytes} bytes.`);
}
