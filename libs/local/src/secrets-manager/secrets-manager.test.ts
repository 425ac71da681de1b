import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testEndpoint } from '../testing/endpoint.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { generatePassword } from './password.ts';
import { createSecretsManager, type SecretsManagerEngine } from './secrets-manager.ts';

let kernel: TestKernel;
let engine: SecretsManagerEngine;
beforeEach(async () => {
  kernel = testKernel();
  engine = await createSecretsManager(kernel);
});
afterEach(() => engine.close());

const request = (operation: string, input: object) =>
  ({
    service: 'secretsmanager',
    operation,
    input: input as Record<string, unknown>,
    caller: { kind: 'root', arn: '' },
    region: 'us-east-1',
  }) as const;
const service = () => {
  const [found] = engine.services;
  if (found?.protocol !== 'json') throw new Error('Secrets Manager speaks JSON.');
  return found;
};
const call = async <Answer = Record<string, string>>(operation: string, input: object = {}) =>
  (await service().handle(request(operation, input))) as Answer;
const apply = (properties: object, on = engine) => {
  const [type] = on.resourceTypes;
  if (!type) throw new Error('No type');
  return type.apply({
    logicalId: 'Key',
    properties: properties as Record<string, unknown>,
    stackName: 's',
    service: 's',
    packageDirectory: '',
  });
};

describe('Secrets Manager', () => {
  test('gives a secret by name, by ARN, and by ARN without its suffix', async () => {
    const { ARN = '' } = await call('CreateSecret', { Name: '/larder/key', SecretString: 'hush' });
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:\/larder\/key-[A-Za-z0-9]{6}$/);
    for (const SecretId of ['/larder/key', ARN, ARN.slice(0, -7)])
      await expect(call('GetSecretValue', { SecretId })).resolves.toMatchObject({
        ARN,
        Name: '/larder/key',
        SecretString: 'hush',
        VersionStages: ['AWSCURRENT'],
      });
    await expect(call('GetSecretValue', { SecretId: 'none' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('moves AWSCURRENT to a new version and AWSPREVIOUS to the one before', async () => {
    await call('CreateSecret', { Name: 'k', SecretString: '1' });
    await call('PutSecretValue', { SecretId: 'k', SecretString: '2' });
    await call('UpdateSecret', { SecretId: 'k', SecretString: '3' });
    await call('PutSecretValue', { SecretId: 'k', SecretString: '4', VersionStages: ['AWSPENDING'] });
    const at = async (VersionStage: string) => (await call('GetSecretValue', { SecretId: 'k', VersionStage }))['SecretString'];
    expect([await at('AWSPREVIOUS'), await at('AWSCURRENT'), await at('AWSPENDING')]).toEqual(['2', '3', '4']);
    const { VersionIdsToStages } = await call<{ VersionIdsToStages: object }>('DescribeSecret', { SecretId: 'k' });
    expect(Object.values(VersionIdsToStages)).toHaveLength(3);
  });

  test('makes one version of a call that the SDK repeats with its token', async () => {
    const input = { Name: 'k', SecretString: '1', ClientRequestToken: 'a'.repeat(32) };
    const first = await call('CreateSecret', input);
    await expect(call('CreateSecret', input)).resolves.toEqual(first);
    await expect(call('CreateSecret', { ...input, SecretString: '2' })).rejects.toMatchObject({ code: 'ResourceExistsException' });
  });

  test('deletes after its days, or at once, and restores in between', async () => {
    await call('CreateSecret', { Name: 'k', SecretString: '1' });
    await call('DeleteSecret', { SecretId: 'k', RecoveryWindowInDays: 7 });
    await expect(call('GetSecretValue', { SecretId: 'k' })).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await expect(call('ListSecrets')).resolves.toEqual({ SecretList: [] });
    await call('RestoreSecret', { SecretId: 'k' });
    await expect(call('GetSecretValue', { SecretId: 'k' })).resolves.toMatchObject({ SecretString: '1' });
    await call('DeleteSecret', { SecretId: 'k', RecoveryWindowInDays: 7 });
    kernel.time += 7 * 86_400_000;
    await expect(call('GetSecretValue', { SecretId: 'k' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await call('CreateSecret', { Name: 'k', SecretString: '2' });
    await call('DeleteSecret', { SecretId: 'k', ForceDeleteWithoutRecovery: true });
    await expect(call('DescribeSecret', { SecretId: 'k' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('takes 65,536 bytes and not one more', async () => {
    await expect(call('CreateSecret', { Name: 'a', SecretString: 'x'.repeat(65_536) })).resolves.toBeDefined();
    await expect(call('PutSecretValue', { SecretId: 'a', SecretString: 'x'.repeat(65_537) })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('asks for permission on the whole ARN', async () => {
    const { ARN } = await call('CreateSecret', { Name: 'k', SecretString: '1' });
    expect(service().permissions(request('GetSecretValue', { SecretId: 'k' }))).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: ARN },
    ]);
  });
});

describe('a generated password', () => {
  test('has 32 characters, and each type among them', () => {
    const password = generatePassword({});
    expect(password).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) expect(password).toMatch(type);
  });

  test('leaves out what is excluded', () => {
    const options = { PasswordLength: 400, ExcludePunctuation: true, ExcludeUppercase: true, ExcludeCharacters: 'abc1' };
    expect(generatePassword(options)).toMatch(/^[d-z02-9]{400}$/);
    expect(
      generatePassword({
        PasswordLength: 50,
        ExcludeLowercase: true,
        ExcludeUppercase: true,
        ExcludePunctuation: true,
        ExcludeNumbers: true,
        IncludeSpace: true,
      }),
    ).toBe(' '.repeat(50));
  });

  test('refuses a length that cannot be, and options that exclude all', () => {
    expect(() => generatePassword({ PasswordLength: 3 })).toThrow(/too short/);
    expect(() => generatePassword({ PasswordLength: 3, RequireEachIncludedType: false })).not.toThrow();
    expect(() => generatePassword({ PasswordLength: 5000 })).toThrow(/4096/);
    const nothing = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true, ExcludeNumbers: true };
    expect(() => generatePassword(nothing)).toThrow(/every character/);
  });
});

describe('AWS::SecretsManager::Secret', () => {
  test('is generated once, and the same after a restart', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'larder-secrets-'));
    const properties = {
      Name: 'key',
      GenerateSecretString: {
        SecretStringTemplate: '{"user":"larder"}',
        GenerateStringKey: 'password',
        PasswordLength: '20',
        ExcludePunctuation: 'true',
      },
    };
    const first = await createSecretsManager(testKernel({ stateDirectory }));
    const made = await apply(properties, first);
    const value = first.secrets.get('key', 'password');
    await first.close();
    const second = await createSecretsManager(testKernel({ stateDirectory }));
    await expect(apply(properties, second)).resolves.toEqual(made);
    expect(value).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(second.secrets.get(made.physicalId, 'password')).toBe(value);
    expect(second.secrets.get('key', 'user')).toBe('larder');
    expect(second.secrets.get('key', 'none')).toBeUndefined();
    await second.close();
    rmSync(stateDirectory, { recursive: true });
  });

  test('has a new version when its text in the template changes', async () => {
    await apply({ Name: 'key', SecretString: 'one' });
    await apply({ Name: 'key', SecretString: 'two' });
    expect(engine.secrets.get('key')).toBe('two');
    await expect(call('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPREVIOUS' })).resolves.toMatchObject({ SecretString: 'one' });
  });

  test('keeps a value that somebody put there, until the template says something else', async () => {
    const properties = { Name: 'key', SecretString: 'to be replaced by hand' };
    await apply(properties);
    await call('PutSecretValue', { SecretId: 'key', SecretString: 'hush' });
    await apply(properties);
    expect(engine.secrets.get('key')).toBe('hush');
    await apply({ ...properties, SecretString: 'other' });
    expect(engine.secrets.get('key')).toBe('other');
    await call('DeleteSecret', { SecretId: 'key', ForceDeleteWithoutRecovery: true });
    await apply({ ...properties, SecretString: 'other' });
    expect(engine.secrets.get('key')).toBe('other');
  });
});

test('the AWS SDK creates and gets secrets', async () => {
  const endpoint = await testEndpoint([service()]);
  const client = new SecretsManagerClient(endpoint.client);
  await client.send(new CreateSecretCommand({ Name: 'text', SecretString: 'hush' }));
  await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: Buffer.from('hush') }));
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'text' }))).resolves.toMatchObject({ SecretString: 'hush' });
  const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }));
  expect(Buffer.from(SecretBinary ?? []).toString()).toBe('hush');
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toThrow(ResourceNotFoundException);
  client.destroy();
  await endpoint.close();
});
