import { AwsError } from '../kernel/aws-error.ts';

/** The properties of a resource, or a part of them. */
export type Properties = Readonly<Record<string, unknown>>;

export function part(of: Properties, name: string): Properties | undefined {
  const value = of[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : undefined;
}

export function parts(of: Properties, name: string): readonly Properties[] {
  const value = of[name];
  return Array.isArray(value) ? (value as Properties[]) : [];
}

/** A list of texts, bare or as `{Items: […]}`. */
export function texts(of: Properties, name: string): string[] {
  const value = of[name];
  const list = Array.isArray(value) ? (value as unknown[]) : (part(of, name) ?? {})['Items'];
  return Array.isArray(list) ? list.map(String) : [];
}

export function text(of: Properties, name: string): string | undefined {
  const value = of[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

export function flag(of: Properties, name: string): boolean {
  return String(of[name]) === 'true';
}

/** @throws {AwsError} `InvalidArgument` for what is no number from 0 on. */
export function count(of: Properties, name: string, otherwise: number): number {
  const number = of[name] === undefined ? otherwise : Number(of[name]);
  if (Number.isFinite(number) && number >= 0) return number;
  throw invalid(`${name} is ${String(of[name])}: it must be a number from 0 on.`);
}

/** What a template has and nothing here reads: names with a value that would change something. */
export function unread(of: Properties, known: readonly string[]): string[] {
  return Object.entries(of)
    .filter(([name, value]) => !known.includes(name) && !isNothing(value))
    .map(([name]) => name);
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 'false') return true;
  return Array.isArray(value) && value.length === 0;
}
