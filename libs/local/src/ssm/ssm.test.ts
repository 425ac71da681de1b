import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testEndpoint } from '../testing/endpoint.ts';
import { testKernel } from '../testing/kernel.ts';
import { createSsm, type SsmEngine } from './ssm.ts';

let engine: SsmEngine;
beforeEach(async () => void (engine = await createSsm(testKernel())));
afterEach(() => engine.close());

const request = (operation: string, input: object) =>
  ({ service: 'ssm', operation, input: input as Record<string, unknown>, caller: { kind: 'root', arn: '' }, region: 'us-east-1' }) as const;
const service = () => {
  const [found] = engine.services;
  if (found?.protocol !== 'json') throw new Error('Parameter Store speaks JSON.');
  return found;
};
const call = (operation: string, input: object = {}): Promise<object> => service().handle(request(operation, input));
const put = (Name: string, Value = 'v', more: object = {}) => call('PutParameter', { Name, Value, Type: 'String', ...more });
const apply = (properties: object, logicalId = 'Url') => {
  const [type] = engine.resourceTypes;
  if (!type) throw new Error('No type');
  return type.apply({ logicalId, properties: properties as Record<string, unknown>, stackName: 's', service: 's', packageDirectory: '' });
};

describe('Parameter Store', () => {
  test('counts versions, and gives the newest or the one that is asked for', async () => {
    await put('/a/b', 'one');
    await expect(put('/a/b', 'two')).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    await expect(put('/a/b', 'two', { Overwrite: true })).resolves.toMatchObject({ Version: 2 });
    await expect(call('GetParameter', { Name: '/a/b' })).resolves.toMatchObject({
      Parameter: { Name: '/a/b', Type: 'String', Value: 'two', Version: 2, ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/a/b' },
    });
    await expect(call('GetParameter', { Name: '/a/b:1' })).resolves.toMatchObject({ Parameter: { Value: 'one', Selector: ':1' } });
    await expect(call('GetParameter', { Name: '/a/b:9' })).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await expect(call('GetParameter', { Name: 'arn:aws:ssm:us-east-1:000000000000:parameter/a/b' })).resolves.toMatchObject({
      Parameter: { Value: 'two' },
    });
    await expect(call('GetParameter', { Name: '/none' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });

  test('takes no name for another that ends like it', async () => {
    await put('key');
    for (const Name of ['akey', '/key']) await expect(call('GetParameter', { Name })).rejects.toMatchObject({ code: 'ParameterNotFound' });
    const Name = 'arn:aws:ssm:us-east-1:000000000000:parameter/key';
    await expect(call('GetParameter', { Name })).resolves.toMatchObject({ Parameter: { Name: 'key' } });
  });

  test('shows a SecureString only with decryption', async () => {
    await put('/secret', 'hush', { Type: 'SecureString' });
    await expect(call('GetParameter', { Name: '/secret', WithDecryption: true })).resolves.toMatchObject({ Parameter: { Value: 'hush' } });
    const masked = JSON.stringify(await call('GetParameter', { Name: '/secret' }));
    expect(masked).not.toContain('hush');
    expect(JSON.stringify(await call('GetParameter', { Name: '/secret', WithDecryption: false }))).toBe(masked);
  });

  test('gives several parameters, and names those that are not there', async () => {
    await put('/a');
    await expect(call('GetParameters', { Names: ['/a', '/b'] })).resolves.toMatchObject({
      Parameters: [{ Name: '/a' }],
      InvalidParameters: ['/b'],
    });
    const names = Array.from({ length: 11 }, (_, index) => `/n${index}`);
    await expect(call('GetParameters', { Names: names })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('gives what is under a path, at one level or at all, in pages of ten at most', async () => {
    for (let index = 0; index < 12; index++) await put(`/larder/p${String(index).padStart(2, '0')}`);
    await put('/larder/deep/er');
    await put('/larderer');
    const first = (await call('GetParametersByPath', { Path: '/larder' })) as { Parameters: object[]; NextToken: string };
    expect(first.Parameters).toHaveLength(10);
    await expect(call('GetParametersByPath', { Path: '/larder', NextToken: first.NextToken })).resolves.toMatchObject({
      Parameters: [{ Name: '/larder/p10' }, { Name: '/larder/p11' }],
    });
    const deep = (await call('GetParametersByPath', { Path: '/larder/', Recursive: true, NextToken: first.NextToken })) as {
      Parameters: object[];
    };
    expect(deep.Parameters).toHaveLength(3);
    await expect(call('GetParametersByPath', { Path: '/larder', MaxResults: 11 })).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('gives what is under a path by filters of type and key only', async () => {
    await put('/larder/one');
    await put('/larder/two', 'x', { Type: 'SecureString' });
    const by = (Key: string, Values: string[]) => call('GetParametersByPath', { Path: '/larder', ParameterFilters: [{ Key, Values }] });
    await expect(by('Type', ['SecureString'])).resolves.toMatchObject({ Parameters: [{ Name: '/larder/two' }] });
    await expect(by('KeyId', ['alias/other'])).resolves.toEqual({ Parameters: [] });
    await expect(by('Name', ['/larder/one'])).rejects.toMatchObject({ code: 'InvalidFilterKey' });
  });

  test('describes parameters by filters', async () => {
    await put('/a/one');
    await put('/a/two', 'x,y', { Type: 'StringList' });
    const by = async (ParameterFilters: object[]) =>
      ((await call('DescribeParameters', { ParameterFilters })) as { Parameters: { Name: string }[] }).Parameters.map(({ Name }) => Name);
    expect(await by([{ Key: 'Name', Option: 'Contains', Values: ['tw'] }])).toEqual(['/a/two']);
    expect(await by([{ Key: 'Type', Values: ['String'] }])).toEqual(['/a/one']);
    expect(await by([{ Key: 'Path', Values: ['/a'] }])).toEqual(['/a/one', '/a/two']);
    await expect(by([{ Key: 'Colour', Values: ['red'] }])).rejects.toMatchObject({ code: 'InvalidFilterKey' });
  });

  test('deletes', async () => {
    await put('/a');
    await put('/b');
    await call('DeleteParameter', { Name: '/a' });
    await expect(call('DeleteParameter', { Name: '/a' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
    await expect(call('DeleteParameters', { Names: ['/a', '/b'] })).resolves.toEqual({
      DeletedParameters: ['/b'],
      InvalidParameters: ['/a'],
    });
  });

  test.each([
    ['4,097 bytes', { Value: 'x'.repeat(4097) }, 'ValidationException'],
    ['an empty value', { Value: '' }, 'ValidationException'],
    ['a name with spaces', { Name: '/a b' }, 'ValidationException'],
    ['a name that AWS keeps for itself', { Name: '/aws/x' }, 'AccessDeniedException'],
    ['a name of 16 levels', { Name: '/x'.repeat(16) }, 'HierarchyLevelLimitExceededException'],
    ['an unknown type', { Type: 'Number' }, 'UnsupportedParameterType'],
    ['no type', { Type: undefined }, 'ValidationException'],
    ['a value beside its pattern', { AllowedPattern: '\\d+' }, 'ParameterPatternMismatchException'],
    ['a tier that AWS does not have', { Tier: 'Huge' }, 'ValidationException'],
    ['a pattern that is none', { AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
  ])('refuses %s', async (_name, change, code) => {
    await expect(put('/p', 'v', change)).rejects.toMatchObject({ code });
  });

  test('takes 8,192 bytes in the advanced tier', async () => {
    await expect(put('/p', 'x'.repeat(8192), { Tier: 'Advanced' })).resolves.toMatchObject({ Tier: 'Advanced' });
  });

  test('asks for permission on the ARN of each parameter', () => {
    const resources = (operation: string, input: object) =>
      service()
        .permissions(request(operation, input))
        .map(({ action, resource }) => `${action} ${resource}`);
    expect(resources('GetParameter', { Name: '/a/b:2' })).toEqual(['ssm:GetParameter arn:aws:ssm:us-east-1:000000000000:parameter/a/b']);
    expect(resources('GetParameters', { Names: ['x', '/y'] })).toEqual([
      'ssm:GetParameters arn:aws:ssm:us-east-1:000000000000:parameter/x',
      'ssm:GetParameters arn:aws:ssm:us-east-1:000000000000:parameter/y',
    ]);
    expect(resources('GetParametersByPath', { Path: '/a/' })).toEqual([
      'ssm:GetParametersByPath arn:aws:ssm:us-east-1:000000000000:parameter/a',
    ]);
  });
});

describe('AWS::SSM::Parameter', () => {
  test('is a new version only when its value has changed', async () => {
    const properties = { Name: '/larder/url', Type: 'String', Value: 'http://a' };
    await expect(apply(properties)).resolves.toEqual({ physicalId: '/larder/url', attributes: { Type: 'String', Value: 'http://a' } });
    await apply(properties);
    await expect(call('GetParameter', { Name: '/larder/url' })).resolves.toMatchObject({ Parameter: { Version: 1 } });
    await apply({ ...properties, Value: 'http://b' });
    expect(engine.parameters.get('/larder/url')).toBe('http://b');
    expect(engine.parameters.get('/larder/url:1')).toBe('http://a');
    expect(engine.parameters.get('/none')).toBeUndefined();
  });

  test('keeps what somebody put there, until the template says something else', async () => {
    const properties = { Name: '/larder/limit', Value: '1' };
    await apply(properties);
    await put('/larder/limit', '2', { Overwrite: true });
    await apply(properties);
    expect(engine.parameters.get('/larder/limit')).toBe('2');
    await apply({ ...properties, Value: '3' });
    expect(engine.parameters.get('/larder/limit')).toBe('3');
    await call('DeleteParameter', { Name: '/larder/limit' });
    await apply({ ...properties, Value: '3' });
    expect(engine.parameters.get('/larder/limit')).toBe('3');
  });
});

test('parameters outlive the process', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'larder-ssm-'));
  const first = await createSsm(testKernel({ stateDirectory }));
  await first.resourceTypes[0]?.apply({
    logicalId: 'A',
    properties: { Name: '/a', Value: '1' },
    stackName: 's',
    service: 's',
    packageDirectory: '',
  });
  await first.close();
  const second = await createSsm(testKernel({ stateDirectory }));
  expect(second.parameters.get('/a')).toBe('1');
  await second.close();
  rmSync(stateDirectory, { recursive: true });
});

test('the AWS SDK puts and gets parameters', async () => {
  const endpoint = await testEndpoint([service()]);
  const client = new SSMClient(endpoint.client);
  await client.send(new PutParameterCommand({ Name: '/a', Value: '1', Type: 'String' }));
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/a' }));
  expect(Parameter).toMatchObject({ Value: '1', LastModifiedDate: new Date('2026-01-05T12:00:00Z') });
  await expect(client.send(new GetParameterCommand({ Name: '/b' }))).rejects.toThrow(ParameterNotFound);
  client.destroy();
  await endpoint.close();
});
