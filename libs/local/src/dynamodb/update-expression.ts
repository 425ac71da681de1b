import { valueAt } from './condition.ts';
import { checkValue, type Data, type Expression, type Path, type UpdateSection } from './dynalite.ts';
import type { Item } from './item.ts';

type Updates = NonNullable<Data['_updates']>;

/**
 * An update expression as dynalite may apply it to an item. Right sides and list indexes mean the item as it was; dynalite goes by the
 * text, shifts what follows a removed element, and puts the very value that it read into a second place, where both change together.
 */
export function asItWas({ paths, sections }: Updates, item: Item): Updates {
  const removals = sections.filter(({ type }) => type === 'remove').sort(lastFirst);
  const others = sections.filter(({ type }) => type !== 'remove');
  return { paths, sections: [...others.map((section) => ({ ...section, val: copied(section.val, item) })), ...removals] };
}

/** What an update has computed keeps to the bounds of numbers, which dynalite asks only of what it is given. @throws {AwsError} */
export function checkNumbers({ sections }: Updates, item: Item): void {
  for (const { path } of sections) {
    const value = valueAt(path, item);
    if (value?.N !== undefined) checkValue({ N: value.N });
  }
}

/** What is deeper first, and of one list the highest index: nothing moves what is still to be removed. */
function lastFirst({ path: a }: UpdateSection, { path: b }: UpdateSection): number {
  return b.length - a.length || (Number(b.at(-1)) || 0) - (Number(a.at(-1)) || 0);
}

/** A right side with copies of the values that its paths stand for. A path to nothing stays, for dynalite to refuse. */
function copied(side: UpdateSection['val'], item: Item): UpdateSection['val'] {
  if (Array.isArray(side)) return structuredClone(valueAt(side as Path, item)) ?? side;
  const { name, args } = side as Expression;
  if (!args) return side;
  if (name === 'if_not_exists') return structuredClone(valueAt(args[0] as Path, item)) ?? copied(args[1]!, item);
  return { ...(side as Expression), args: args.map((arg) => copied(arg, item)) };
}
