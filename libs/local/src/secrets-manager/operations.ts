import { AwsError } from '../kernel/aws-error.ts';
import { page, read, type Operation } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { generatePassword, type PasswordOptions } from './password.ts';
import type { Content, Secret, SecretStore, SecretVersion } from './secret-store.ts';

type Input = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const maximumPage = 100;

/** The operations of Secrets Manager. */
export function secretOperations(kernel: Kernel, store: SecretStore): Readonly<Record<string, Operation>> {
  const prefix = `arn:${kernel.partition}:secretsmanager:${kernel.region}:${kernel.accountId}:secret:`;
  const resourceOf = (id: string): string => store.find(id)?.arn ?? (id.startsWith('arn:') ? id : `${prefix}${id}-??????`);
  const on = (action: string, run: Operation['run'], member = 'SecretId'): Operation => ({
    permissions: (input) => [{ action: `secretsmanager:${action}`, resource: resourceOf(read.optionalText(input, member) ?? '*') }],
    run,
  });
  const freely = (action: string, run: Operation['run']): Operation => ({
    permissions: () => [{ action: `secretsmanager:${action}`, resource: '*' }],
    run,
  });
  const id = (input: Input): string => read.text(input, 'SecretId');
  const token = (input: Input): string | undefined => read.optionalText(input, 'ClientRequestToken');
  const named = (secret: Secret): object => ({ ARN: secret.arn, Name: secret.name });

  return {
    GetSecretValue: on('GetSecretValue', (input) => {
      const secret = store.get(id(input));
      const version = findVersion(secret, read.optionalText(input, 'VersionId'), read.optionalText(input, 'VersionStage'));
      const { string, binary, stages, createdAt } = version;
      return {
        ...named(secret),
        VersionId: version.id,
        SecretString: string,
        SecretBinary: binary,
        VersionStages: stages,
        CreatedDate: createdAt / 1000,
      };
    }),
    CreateSecret: on(
      'CreateSecret',
      (input) => {
        const name = read.text(input, 'Name');
        const content = contentOf(input);
        // The SDK repeats a lost call with the same token.
        const made = store.find(name)?.versions.find((version) => version.id === token(input));
        const repeated = made !== undefined && made.string === content?.string && made.binary === content?.binary;
        const secret = repeated
          ? store.get(name)
          : store.create(name, { description: read.optionalText(input, 'Description'), kmsKeyId: read.optionalText(input, 'KmsKeyId') });
        const version = content && store.putValue(secret.arn, content, { token: token(input) });
        return { ...named(secret), VersionId: version?.id };
      },
      'Name',
    ),
    PutSecretValue: on('PutSecretValue', (input) => {
      const stages = read.list(input, 'VersionStages').map(String);
      const version = store.putValue(id(input), contentOf(input) ?? {}, {
        token: token(input),
        stages: stages.length > 0 ? stages : undefined,
      });
      return { ...named(store.get(id(input))), VersionId: version.id, VersionStages: version.stages };
    }),
    UpdateSecret: on('UpdateSecret', (input) => {
      const before = store.get(id(input));
      store.change(before.arn, {
        description: read.optionalText(input, 'Description') ?? before.description,
        kmsKeyId: read.optionalText(input, 'KmsKeyId') ?? before.kmsKeyId,
      });
      const content = contentOf(input);
      const version = content && store.putValue(before.arn, content, { token: token(input) });
      return { ...named(before), VersionId: version?.id };
    }),
    DescribeSecret: on('DescribeSecret', (input) => {
      const secret = store.find(id(input)) ?? store.get(id(input));
      return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
    }),
    ListSecrets: freely('ListSecrets', (input) => {
      const filters = read.list(input, 'Filters') as readonly { Key?: string; Values?: readonly string[] }[];
      const deleted = read.flag(input, 'IncludePlannedDeletion');
      const found = store
        .all()
        .filter((secret) => (deleted || secret.deleteAt === undefined) && filters.every((filter) => passes(secret, filter)));
      const limit = Math.max(1, Math.min(maximumPage, read.optionalNumber(input, 'MaxResults') ?? maximumPage));
      const { items, ...more } = page(found, read.optionalText(input, 'NextToken'), limit);
      return { SecretList: items.map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesOf(secret) })), ...more };
    }),
    DeleteSecret: on('DeleteSecret', (input) => {
      const force = read.flag(input, 'ForceDeleteWithoutRecovery');
      const days = read.optionalNumber(input, 'RecoveryWindowInDays');
      if (force && days !== undefined)
        throw new AwsError('InvalidParameterException', 'ForceDeleteWithoutRecovery and RecoveryWindowInDays do not go together.');
      if (days !== undefined && (days < 7 || days > 30))
        throw new AwsError('InvalidParameterException', 'RecoveryWindowInDays is from 7 to 30.');
      const secret = store.get(id(input));
      const deleteAt = force ? kernel.now() : kernel.now() + (days ?? 30) * dayMs;
      if (force) store.remove(secret.arn);
      else store.change(secret.arn, { deleteAt });
      return { ...named(secret), DeletionDate: deleteAt / 1000 };
    }),
    RestoreSecret: on('RestoreSecret', (input) => named(store.change(id(input), { deleteAt: undefined }))),
    GetRandomPassword: freely('GetRandomPassword', (input) => ({ RandomPassword: generatePassword(input as PasswordOptions) })),
  };
}

function contentOf(input: Input): Content | undefined {
  const string = read.optionalText(input, 'SecretString');
  const binary = read.optionalText(input, 'SecretBinary');
  return string === undefined && binary === undefined ? undefined : { string, binary };
}

function findVersion(secret: Secret, versionId: string | undefined, stage: string | undefined): SecretVersion {
  const wanted = versionId === undefined ? (stage ?? 'AWSCURRENT') : stage;
  const version = secret.versions.find(
    (candidate) => (versionId === undefined || candidate.id === versionId) && (wanted === undefined || candidate.stages.includes(wanted)),
  );
  if (version) return version;
  const reason = versionId === undefined ? `staging label: ${wanted}` : `VersionId: ${versionId}`;
  throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${reason}`);
}

function described(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    DeletedDate: secret.deleteAt === undefined ? undefined : secret.deleteAt / 1000,
  };
}

function stagesOf(secret: Secret): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(secret.versions.filter(({ stages }) => stages.length > 0).map((version) => [version.id, version.stages]));
}

/** Values are the beginnings of a name or a description; `!` before one turns it round. */
function passes(secret: Secret, { Key, Values = [] }: { Key?: string; Values?: readonly string[] }): boolean {
  if (Key !== 'name' && Key !== 'description' && Key !== 'all')
    throw new AwsError('InvalidParameterException', `The filter key ${String(Key)} is not known.`);
  const texts = [Key === 'description' ? '' : secret.name, Key === 'name' ? '' : (secret.description ?? '')];
  return Values.some((value) => {
    const wanted = value.replace(/^!/, '');
    return texts.some((text) => text !== '' && text.startsWith(wanted)) !== value.startsWith('!');
  });
}
