import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Permission } from '../kernel/call.ts';
import { page, read, type Operation } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { describeParameters, filterPath, inPath } from './filters.ts';
import type { Parameter, ParameterStore, ParameterType, ParameterVersion } from './parameter-store.ts';

type Input = Readonly<Record<string, unknown>>;

/** Names a call, as AWS limits GetParameters and DeleteParameters. */
const maximumNames = 10;

/** The operations of Parameter Store. */
export function ssmOperations(kernel: Kernel, store: ParameterStore): Readonly<Record<string, Operation>> {
  const prefix = `arn:${kernel.partition}:ssm:${kernel.region}:${kernel.accountId}`;
  const permission = (action: string, name: string): Permission => {
    const bare = name.startsWith('arn:') ? name.replace(/^.*:parameter/, '') : name;
    const path = (bare.split(':')[0] ?? '').replace(/^\/?/, '/').replace(/\/$/, '');
    return { action: `ssm:${action}`, resource: `${prefix}:parameter${path}` };
  };
  const onOne = (action: string, run: Operation['run']): Operation => ({
    permissions: (input) => [permission(action, read.optionalText(input, 'Name') ?? '*')],
    run,
  });
  const onMany = (action: string, run: Operation['run']): Operation => ({
    permissions: (input) => read.list(input, 'Names').map((name) => permission(action, String(name))),
    run,
  });
  const found = (name: string) => {
    const result = store.find(name);
    if (result) return result;
    const versioned = /^([^:]+|arn:.*:parameter[^:]*):\w+$/.exec(name)?.[1];
    if (versioned !== undefined && store.find(versioned))
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version of ${name}. Verify the version and try again.`,
      );
    throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
  };

  return {
    GetParameter: onOne('GetParameter', (input) => {
      const { parameter, version, selector } = found(read.text(input, 'Name'));
      return { Parameter: { ...answer(parameter, version, read.flag(input, 'WithDecryption')), Selector: selector } };
    }),
    GetParameters: onMany('GetParameters', (input) => {
      const names = namesOf(input);
      const results = names.map((name) => ({ name, result: store.find(name) }));
      return {
        Parameters: results.flatMap(({ result }) =>
          result ? [{ ...answer(result.parameter, result.version, read.flag(input, 'WithDecryption')), Selector: result.selector }] : [],
        ),
        InvalidParameters: results.filter(({ result }) => !result).map(({ name }) => name),
      };
    }),
    GetParametersByPath: {
      permissions: (input) => [permission('GetParametersByPath', read.optionalText(input, 'Path') ?? '/')],
      run: (input) => {
        const path = read.text(input, 'Path');
        if (!path.startsWith('/'))
          throw new AwsError('ValidationException', 'The parameter doesn\'t meet the parameter name requirements: a path begins with "/".');
        const below = store.all().filter(({ name }) => inPath(name, path, read.flag(input, 'Recursive')));
        const inside = filterPath(below, read.list(input, 'ParameterFilters'));
        const { items, ...more } = page(inside, read.optionalText(input, 'NextToken'), limit(input, 10));
        return { Parameters: items.map((parameter) => answer(parameter, newest(parameter), read.flag(input, 'WithDecryption'))), ...more };
      },
    },
    GetParameterHistory: onOne('GetParameterHistory', (input) => {
      const { parameter } = found(read.text(input, 'Name'));
      const { items, ...more } = page(parameter.versions, read.optionalText(input, 'NextToken'), limit(input, 50));
      return {
        Parameters: items.map((version) => ({
          ...metadata(parameter, version),
          Value: shown(parameter, version, read.flag(input, 'WithDecryption')),
        })),
        ...more,
      };
    }),
    PutParameter: onOne('PutParameter', (input) => {
      const { version } = store.put(read.text(input, 'Name'), read.text(input, 'Value'), {
        type: read.optionalText(input, 'Type') as ParameterType | undefined,
        description: read.optionalText(input, 'Description'),
        allowedPattern: read.optionalText(input, 'AllowedPattern'),
        tier: read.optionalText(input, 'Tier'),
        dataType: read.optionalText(input, 'DataType'),
        keyId: read.optionalText(input, 'KeyId'),
        overwrite: read.flag(input, 'Overwrite'),
      });
      return { Version: version.version, Tier: version.tier };
    }),
    DeleteParameter: onOne('DeleteParameter', (input) => {
      const name = read.text(input, 'Name');
      if (!store.remove(name)) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
      return {};
    }),
    DeleteParameters: onMany('DeleteParameters', (input) => {
      const removed = namesOf(input).map((name) => ({ name, done: store.remove(name) }));
      const names = (done: boolean) => removed.filter((item) => item.done === done).map((item) => item.name);
      return { DeletedParameters: names(true), InvalidParameters: names(false) };
    }),
    DescribeParameters: {
      permissions: () => [{ action: 'ssm:DescribeParameters', resource: `${prefix}:*` }],
      run: (input) => {
        const wanted = describeParameters(store.all(), read.list(input, 'ParameterFilters'));
        const { items, ...more } = page(wanted, read.optionalText(input, 'NextToken'), limit(input, 50));
        return { Parameters: items.map((parameter) => metadata(parameter, newest(parameter))), ...more };
      },
    },
  };
}

function answer(parameter: Parameter, version: ParameterVersion, decrypted: boolean): object {
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: version.type,
    Value: shown(parameter, version, decrypted),
    Version: version.version,
    DataType: version.dataType,
    LastModifiedDate: version.modifiedAt / 1000,
  };
}

function metadata(parameter: Parameter, version: ParameterVersion): object {
  return {
    Name: parameter.name,
    ARN: parameter.arn,
    Type: version.type,
    KeyId: version.keyId,
    LastModifiedDate: version.modifiedAt / 1000,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    DataType: version.dataType,
    Policies: [],
  };
}

/** Without decryption a SecureString is something that nobody can use, and the same at each call. */
function shown(parameter: Parameter, version: ParameterVersion, decrypted: boolean): string {
  if (version.type !== 'SecureString' || decrypted) return version.value;
  const digest = createHash('sha512').update(`${parameter.arn}:${version.version}:${version.value}`).digest();
  return Buffer.concat([Buffer.from('010200', 'hex'), digest, digest]).toString('base64');
}

function newest(parameter: Parameter): ParameterVersion {
  const version = parameter.versions.at(-1);
  if (!version) throw new Error(`Parameter ${parameter.name} has no version.`);
  return version;
}

function namesOf(input: Input): string[] {
  const names = [...new Set(read.list(input, 'Names').map(String))];
  if (names.length >= 1 && names.length <= maximumNames) return names;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at 'names' failed to satisfy constraint: from 1 to ${maximumNames} names`,
  );
}

function limit(input: Input, most: number): number {
  const wanted = read.optionalNumber(input, 'MaxResults') ?? most;
  if (wanted < 1 || wanted > most)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${wanted}' at 'maxResults' failed to satisfy constraint: from 1 to ${most}`,
    );
  return wanted;
}
