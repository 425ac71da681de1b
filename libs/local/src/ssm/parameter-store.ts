import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** As it was given; a SecureString is masked when it is answered. */
  readonly value: string;
  readonly description?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly tier: string;
  readonly dataType: string;
  readonly keyId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  /** Oldest first; the newest 100. */
  readonly versions: readonly ParameterVersion[];
}

export interface PutSettings {
  readonly type?: ParameterType | undefined;
  readonly description?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly tier?: string | undefined;
  readonly dataType?: string | undefined;
  readonly keyId?: string | undefined;
  readonly overwrite: boolean;
}

export interface ParameterStore {
  /** By name or ARN, with a version as in `name:3`. Undefined when either is missing. */
  find(selector: string): { parameter: Parameter; version: ParameterVersion; selector?: string } | undefined;
  all(): readonly Parameter[];
  put(name: string, value: string, settings: PutSettings): { parameter: Parameter; version: ParameterVersion };
  remove(name: string): boolean;
}

const maximumVersions = 100;
const maximumBytes: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192, 'Intelligent-Tiering': 8192 };

/** Parameters with their versions, on disk, as AWS limits them. */
export function createParameterStore(kernel: Kernel, state: State): ParameterStore {
  const parameters = state.documents<Parameter>('parameter');
  const prefix = `arn:${kernel.partition}:ssm:${kernel.region}:${kernel.accountId}:parameter`;
  return {
    find: (selector) => {
      const { name, version } = parseSelector(selector);
      // An ARN does not tell whether the name begins with a slash.
      const parameter = parameters.get(name) ?? (selector.startsWith('arn:') ? parameters.get(name.slice(1)) : undefined);
      const found =
        version === undefined ? parameter?.versions.at(-1) : parameter?.versions.find((item) => String(item.version) === version);
      return parameter && found && { parameter, version: found, ...(version === undefined ? {} : { selector: `:${version}` }) };
    },
    all: () => parameters.all(),
    put: (name, value, settings) => {
      checkName(name);
      const before = parameters.get(name);
      const last = before?.versions.at(-1);
      if (last && !settings.overwrite)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      const type = settings.type ?? last?.type;
      if (!type) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
      if (!['String', 'StringList', 'SecureString'].includes(type))
        throw new AwsError('UnsupportedParameterType', `${type} is not a supported parameter type.`);
      const version: ParameterVersion = {
        version: (last?.version ?? 0) + 1,
        type,
        value,
        description: settings.description ?? last?.description,
        allowedPattern: settings.allowedPattern ?? last?.allowedPattern,
        tier: settings.tier ?? last?.tier ?? 'Standard',
        dataType: settings.dataType ?? last?.dataType ?? 'text',
        keyId: type === 'SecureString' ? (settings.keyId ?? last?.keyId ?? 'alias/aws/ssm') : undefined,
        modifiedAt: kernel.now(),
      };
      checkValue(version);
      const versions = [...(before?.versions ?? []), version].slice(-maximumVersions);
      const parameter = { name, arn: `${prefix}${name.startsWith('/') ? '' : '/'}${name}`, versions };
      parameters.put(name, parameter);
      return { parameter, version };
    },
    remove: (name) => parameters.delete(parseSelector(name).name),
  };
}

/** `arn:aws:ssm:…:parameter/a/b:3` names version 3 of `/a/b` (or of `a`, when the name has no slash). */
function parseSelector(selector: string): { name: string; version?: string | undefined } {
  const path = selector.startsWith('arn:') ? (/:parameter(\/.*)$/.exec(selector)?.[1] ?? selector) : selector;
  const [name = '', version] = path.split(':');
  return { name, version };
}

function checkName(name: string): void {
  if (name.length > 1011 || !/^[a-zA-Z0-9_.\-/]+$/.test(name))
    throw new AwsError(
      'ValidationException',
      "Parameter name: can't be longer than 1011 characters, and may have letters, numbers and . _ - /",
    );
  if (name.includes('/') && !name.startsWith('/'))
    throw new AwsError('ValidationException', 'Parameter name must be a fully qualified name.');
  if (name.split('/').length - 1 > 15)
    throw new AwsError('HierarchyLevelLimitExceededException', 'A parameter name has at most 15 levels.');
  if (/^\/?(aws|ssm)/i.test(name)) throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
}

function checkValue({ value, tier, allowedPattern, type }: ParameterVersion): void {
  const longest = maximumBytes[tier];
  if (longest === undefined)
    throw new AwsError(
      'ValidationException',
      `Value '${tier}' at 'tier' failed to satisfy constraint: ${Object.keys(maximumBytes).join(', ')}`,
    );
  if (value === '')
    throw new AwsError(
      'ValidationException',
      "Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (Buffer.byteLength(value) > longest)
    throw new AwsError('ValidationException', `${tier} tier parameters support a maximum parameter value of ${longest} bytes.`);
  if (type === 'StringList' && value.split(',').some((item) => item === ''))
    throw new AwsError('ValidationException', 'Invalid StringList: empty items are not allowed.');
  if (allowedPattern !== undefined && !compile(allowedPattern).test(value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
}

function compile(allowedPattern: string): RegExp {
  try {
    return new RegExp(`^(?:${allowedPattern})$`);
  } catch {
    throw new AwsError('InvalidAllowedPatternException', `The allowed pattern ${allowedPattern} is no regular expression.`);
  }
}
