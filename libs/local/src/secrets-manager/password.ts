import { randomInt } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';

/** As GetRandomPassword and `GenerateSecretString` take them. */
export interface PasswordOptions {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  readonly RequireEachIncludedType?: boolean | undefined;
}

const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * A random password: 32 characters of all four types, one of each at least, unless the options say otherwise.
 *
 * @throws {AwsError} `InvalidParameterException`, `InvalidRequestException`.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function generatePassword(options: PasswordOptions): string {
  const length = options.PasswordLength ?? 32;
  if (!Number.isInteger(length) || length < 1 || length > 4096)
    throw new AwsError('InvalidParameterException', 'PasswordLength is from 1 to 4096.');
  const excluded = new Set(options.ExcludeCharacters ?? '');
  const types = [
    options.ExcludeLowercase ? '' : lowercase,
    options.ExcludeUppercase ? '' : lowercase.toUpperCase(),
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : punctuation,
    options.IncludeSpace ? ' ' : '',
  ]
    .map((type) => [...type].filter((character) => !excluded.has(character)))
    .filter((type) => type.length > 0);
  const all = types.flat();
  if (all.length === 0) throw new AwsError('InvalidRequestException', 'The options exclude every character.');
  const each = options.RequireEachIncludedType ?? true;
  if (each && length < types.length)
    throw new AwsError('InvalidParameterException', 'PasswordLength is too short to hold one character of each type.');
  const characters = each ? types.map(pick) : [];
  while (characters.length < length) characters.push(pick(all));
  for (let index = characters.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}

/** What makes the secret that a template's `GenerateSecretString` describes; undefined when the template has none. */
export function generationFromTemplate(value: unknown): (() => string) | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const settings = value as Record<string, unknown>;
  const flag = (name: string): boolean | undefined => (settings[name] === undefined ? undefined : String(settings[name]) === 'true');
  const options: PasswordOptions = {
    PasswordLength: settings['PasswordLength'] === undefined ? undefined : Number(settings['PasswordLength']),
    ExcludeCharacters: settings['ExcludeCharacters'] === undefined ? undefined : String(settings['ExcludeCharacters']),
    ExcludeNumbers: flag('ExcludeNumbers'),
    ExcludePunctuation: flag('ExcludePunctuation'),
    ExcludeUppercase: flag('ExcludeUppercase'),
    ExcludeLowercase: flag('ExcludeLowercase'),
    IncludeSpace: flag('IncludeSpace'),
    RequireEachIncludedType: flag('RequireEachIncludedType'),
  };
  const template = settings['SecretStringTemplate'];
  const key = settings['GenerateStringKey'];
  if ((template === undefined) !== (key === undefined))
    throw new AwsError('InvalidRequestException', 'SecretStringTemplate and GenerateStringKey go together.');
  if (template === undefined) return () => generatePassword(options);
  return () => JSON.stringify({ ...parseTemplate(String(template)), [String(key)]: generatePassword(options) });
}

function parseTemplate(template: string): object {
  try {
    return JSON.parse(template) as object;
  } catch {
    throw new AwsError('InvalidRequestException', 'SecretStringTemplate is not valid JSON.');
  }
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] ?? '';
}
