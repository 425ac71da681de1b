/**
 * Reads a value by the part of JSONPath that EventBridge knows: `$.detail.items[0].name`, `$.detail.items[*].name`, `$.*`, and names
 * with dashes, underscores and slashes. Undefined when there is nothing; a wildcard gives a list.
 */
export function jsonPath(value: unknown, path: string): unknown {
  if (!path.startsWith('$')) return undefined;
  const steps = path.slice(1).match(/\.[^.[\]]+|\[(?:\d+|\*|'[^']*'|"[^"]*")\]/g) ?? [];
  if (steps.join('') !== path.slice(1)) return undefined;
  let found: unknown[] = [value];
  let many = false;
  for (const step of steps) {
    const name = step.startsWith('.') ? step.slice(1) : step.slice(1, -1).replace(/^(['"])(.*)\1$/, '$2');
    if (name === '*') {
      many = true;
      found = found.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    } else {
      found = found.flatMap((item) =>
        typeof item === 'object' && item !== null && Object.hasOwn(item, name) ? [(item as Record<string, unknown>)[name]] : [],
      );
    }
  }
  return many ? found : found[0];
}
