import { AwsError } from '../kernel/aws-error.ts';
import type { Parameter } from './parameter-store.ts';

/** Whether a parameter lies under a path: directly, or at any depth. */
export function inPath(name: string, path: string, recursive: boolean): boolean {
  const start = path.endsWith('/') ? path : `${path}/`;
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(start) && (recursive || !full.slice(start.length).includes('/'));
}

/**
 * The parameters that all filters of DescribeParameters let through: `Name`, `Type`, `Path`, `Tier`, `DataType`, `KeyId`.
 *
 * @throws {AwsError} `InvalidFilterKey`, `InvalidFilterOption`.
 */
export function describeParameters(parameters: readonly Parameter[], filters: readonly unknown[]): readonly Parameter[] {
  const tests = filters.map(toTest);
  return parameters.filter((parameter) => tests.every((test) => test(parameter)));
}

/**
 * The parameters that all filters of GetParametersByPath let through: it knows fewer keys than DescribeParameters.
 *
 * @throws {AwsError} `InvalidFilterKey`, `InvalidFilterOption`.
 */
export function filterPath(parameters: readonly Parameter[], filters: readonly unknown[]): readonly Parameter[] {
  for (const filter of filters) {
    const { Key } = filter as { Key?: string };
    if (Key !== 'Type' && Key !== 'KeyId') throw invalidKey(Key);
  }
  return describeParameters(parameters, filters);
}

function toTest(filter: unknown): (parameter: Parameter) => boolean {
  const { Key, Option, Values = [] } = filter as { Key?: string; Option?: string; Values?: readonly string[] };
  if (Key === 'Path') {
    const option = Option ?? 'OneLevel';
    if (option !== 'OneLevel' && option !== 'Recursive') throw invalidOption(option);
    return ({ name }) => Values.some((path) => inPath(name, path, option === 'Recursive'));
  }
  const compare = comparison(Option ?? 'Equals');
  return (parameter) => {
    const actual = valueOf(parameter, Key);
    return Values.some((wanted) => compare(actual, wanted));
  };
}

function valueOf({ name, versions }: Parameter, key: string | undefined): string {
  const newest = versions.at(-1);
  switch (key) {
    case 'Name':
      return name;
    case 'Type':
      return newest?.type ?? '';
    case 'Tier':
      return newest?.tier ?? '';
    case 'DataType':
      return newest?.dataType ?? '';
    case 'KeyId':
      return newest?.keyId ?? '';
    default:
      throw invalidKey(key);
  }
}

function invalidKey(key: string | undefined): AwsError {
  return new AwsError('InvalidFilterKey', `The filter key ${String(key)} is not valid.`);
}

function comparison(option: string): (actual: string, wanted: string) => boolean {
  if (option === 'Equals') return (actual, wanted) => actual === wanted;
  if (option === 'BeginsWith') return (actual, wanted) => actual.startsWith(wanted);
  if (option === 'Contains') return (actual, wanted) => actual.includes(wanted);
  throw invalidOption(option);
}

function invalidOption(option: string): AwsError {
  return new AwsError('InvalidFilterOption', `The filter option ${option} is not valid.`);
}
