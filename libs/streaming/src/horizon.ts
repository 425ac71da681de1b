/**
 * Remembers the newest ids, at least so many of them and at most twice as many: what comes again within that horizon is recognised. Two generations of a set, of which the older one goes when the
 * newer one is full.
 */
export class Horizon {
  readonly #size: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  /** @param size ids that are remembered in any case. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Whether an id is new. It is remembered from then on. */
  admits(id: string): boolean {
    if (this.#newer.has(id) || this.#older.has(id)) return false;
    if (this.#newer.size >= this.#size) [this.#older, this.#newer] = [this.#newer, new Set()];
    this.#newer.add(id);
    return true;
  }

  /** Forgets an id whose event was not taken after all. */
  forget(id: string): void {
    if (!this.#newer.delete(id)) this.#older.delete(id);
  }
}
