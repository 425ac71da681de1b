/**
 * Puts names into an order in which each comes after those that it depends on, and otherwise leaves them as they were.
 *
 * @param dependenciesOf names outside `names` are ignored.
 * @throws {CycleError} naming the cycle.
 */
export function inOrder(names: Iterable<string>, dependenciesOf: (name: string) => Iterable<string>): readonly string[] {
  const all = new Set(names);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    const start = path.indexOf(name);
    if (start !== -1) throw new CycleError([...path.slice(start), name]);
    path.push(name);
    for (const dependency of dependenciesOf(name)) if (all.has(dependency) && dependency !== name) visit(dependency);
    path.pop();
    done.add(name);
  };
  for (const name of all) visit(name);
  return [...done];
}

/** Names that wait for each other. */
export class CycleError extends Error {
  override readonly name = 'CycleError';
  /** The first name stands at the end again. */
  readonly cycle: readonly string[];

  constructor(cycle: readonly string[]) {
    super(`${cycle.join(' → ')} depend on each other in a circle`);
    this.cycle = cycle;
  }
}
