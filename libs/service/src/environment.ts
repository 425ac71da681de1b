import type * as z from 'zod/mini';
import { KitError } from './errors.ts';

/**
 * The one reader of a service's environment: call it once, at module load, so that a function that lacks something fails at its start and names everything
 * that it lacks.
 *
 * @throws {KitError} `ENVIRONMENT_INVALID`.
 */
export function environment<Schema extends z.ZodMiniObject>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  throw invalid(names);
}

/**
 * One variable that the platform sets, read when it is needed: names of tables and queues, region and credentials.
 *
 * @throws {KitError} `ENVIRONMENT_INVALID` when it is not set.
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw invalid([name]);
  return value;
}

/** Where the environment has a resource by its logical id in `resources.yml`: of the table `LineItems` it is `LINE_ITEMS_TABLE`. */
export function variableOf(logicalId: string, kind: 'TABLE' | 'STREAM' | 'TOPIC'): string {
  return `${logicalId.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}_${kind}`;
}

/** Like {@link variable}, for what may be absent. */
export function optionalVariable(name: string): string | undefined {
  return process.env[name] || undefined;
}

function invalid(names: readonly string[]): KitError {
  return new KitError(
    'ENVIRONMENT_INVALID',
    `The environment lacks ${names.join(', ')} (or has no valid value): see the function's 'access' and 'environment' in serverless.yml`,
  );
}
