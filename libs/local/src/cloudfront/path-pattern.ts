import type { Behaviour, Distribution } from './model.ts';

const patterns = new WeakMap<Behaviour, RegExp>();

/**
 * The first behaviour whose pattern a path matches. `*` stands for any characters and `?` for one; letters count as they are written, and a slash
 * at the beginning may be left out.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
 */
export function selectBehaviour({ behaviours }: Distribution, path: string): Behaviour {
  return behaviours.find((behaviour) => patternOf(behaviour).test(path)) ?? (behaviours.at(-1) as Behaviour);
}

/** A pattern with `*` and `?` as an expression over whole texts. */
export function toExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

function patternOf(behaviour: Behaviour): RegExp {
  let expression = patterns.get(behaviour);
  if (!expression) {
    const { pathPattern } = behaviour;
    expression = toExpression(/^[/*]/.test(pathPattern) ? pathPattern : `/${pathPattern}`);
    patterns.set(behaviour, expression);
  }
  return expression;
}
