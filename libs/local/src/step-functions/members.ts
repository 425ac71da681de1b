import type { Json } from './model.ts';
import { capital } from './resource.ts';

/** Members with a small first letter, as some APIs have them and no task writes them. */
export function lowered(value: Json): Json {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

export function raised(value: Json): Json {
  return renamed(value, capital);
}

/** Every scalar as a text, as the query protocol sends it. */
export function textsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textsOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, textsOf(each)]));
  return String(value);
}

function renamed(value: Json, to: (name: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => renamed(each, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [to(name), renamed(each as Json, to)]));
}
