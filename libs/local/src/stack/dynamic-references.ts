import { MissingSsmParameter } from './parameters.ts';

/** Where dynamic references are looked up. */
export interface ReferenceSources {
  ssm(name: string): string | undefined;
  /** A secret's text, or one member of its JSON. */
  secret(id: string, jsonKey?: string): string | undefined | Promise<string | undefined>;
}

const REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}/g;

/**
 * Replaces `{{resolve:…}}` in every text of an evaluated value.
 *
 * @throws {MissingSsmParameter}
 * @throws {Error} naming a secret that does not exist.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export async function resolveReferences(value: unknown, sources: ReferenceSources): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? resolveText(value, sources) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveReferences(item, sources)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, member]) => [key, await resolveReferences(member, sources)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The SSM names that a part of a template refers to, evaluated or not. */
export function referencedSsmNames(value: unknown): readonly string[] {
  const matches = JSON.stringify(value ?? null).matchAll(REFERENCE);
  return [...matches].flatMap(([, kind, rest = '']) => (kind === 'secretsmanager' ? [] : [ssmName(rest)]));
}

async function resolveText(text: string, sources: ReferenceSources): Promise<string> {
  const found = await Promise.all([...text.matchAll(REFERENCE)].map(([, kind = '', rest = '']) => lookUp(kind, rest, sources)));
  return text.replace(REFERENCE, () => found.shift() ?? '');
}

async function lookUp(kind: string, rest: string, sources: ReferenceSources): Promise<string> {
  if (kind !== 'secretsmanager') {
    const value = sources.ssm(ssmName(rest));
    if (value === undefined) throw new MissingSsmParameter(ssmName(rest));
    return value;
  }
  const { id, jsonKey } = secretName(rest);
  const value = await sources.secret(id, jsonKey);
  if (value === undefined)
    throw new Error(`needs the secret ${id}${jsonKey === undefined ? '' : ` with the key ${jsonKey}`}, which does not exist`);
  return value;
}

/** `name` or `name:version`; one version is all that is kept here. */
function ssmName(rest: string): string {
  return rest.replace(/:\d+$/, '');
}

/** `secret-id:SecretString:json-key:version-stage:version-id`, where the id may be an ARN with colons of its own. */
function secretName(rest: string): { readonly id: string; readonly jsonKey: string | undefined } {
  const match = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::SecretString(?::([^:]*))?)?/.exec(rest);
  const jsonKey = match?.[2];
  return { id: match?.[1] ?? rest, jsonKey: jsonKey === '' ? undefined : jsonKey };
}
