import { hash, highOf, lowOf } from './hash.ts';

const depth = 4;

export interface Counted {
  readonly text: string;
  /** Never too small; too large by more than `2 × total / width` once in sixteen times at most. */
  readonly count: number;
}

/**
 * How often texts came, and which came most often, in a memory that does not grow. Cormode and Muthukrishnan, "An improved data stream summary: the count-min sketch" (2005), with the conservative
 * update of Estan and Varghese (2002). With a width of 2¹² and four rows the error is at most 2 / 4096 of the total, with a probability of 1 − 2⁻⁴.
 */
export class CountMin {
  readonly #width: number;
  readonly #cells: Float64Array;
  readonly #most: number;
  readonly #top = new Map<string, number>();
  #least = 0;
  total = 0;

  /**
   * @param most how many of the most frequent are kept by name.
   * @param widthBits cells of a row, as a power of two.
   */
  constructor({ most = 20, widthBits = 12 }: { most?: number; widthBits?: number } = {}) {
    this.#most = most;
    this.#width = 2 ** widthBits;
    this.#cells = new Float64Array(depth * this.#width);
  }

  add(text: string, times = 1): void {
    const estimate = this.#touch(text, times);
    this.total += times;
    if (this.#top.size < this.#most || estimate > this.#least || this.#top.has(text)) this.#rank(text, estimate);
  }

  count(text: string): number {
    return this.#touch(text, 0);
  }

  /** The most frequent, most of them first. */
  top(): Counted[] {
    return [...this.#top].map(([text, count]) => ({ text, count })).toSorted((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  }

  /** Adds what another of the same width has seen. The counts are those of both; a text that was frequent in neither is found in none of the lists. */
  merge(other: CountMin): void {
    if (other.#width !== this.#width) throw new RangeError('Only sketches of one width can be merged');
    for (let cell = 0; cell < this.#cells.length; cell += 1) this.#cells[cell] = (this.#cells[cell] ?? 0) + (other.#cells[cell] ?? 0);
    this.total += other.total;
    const names = new Set([...this.#top.keys(), ...other.#top.keys()]);
    this.#top.clear();
    this.#least = 0;
    for (const text of names) this.#rank(text, this.count(text));
  }

  /** Raises the cells of a text to what it must have come by now, and no further. */
  #touch(text: string, times: number): number {
    const hashed = hash(text);
    // As good as independent hashes: Kirsch and Mitzenmacher, "Less hashing, same performance" (2006).
    const [first, step, mask] = [lowOf(hashed), highOf(hashed) | 1, this.#width - 1];
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < depth; row += 1)
      least = Math.min(least, this.#cells[row * this.#width + ((first + Math.imul(row, step)) & mask)] ?? 0);
    if (times === 0) return least;
    const raised = least + times;
    for (let row = 0; row < depth; row += 1) {
      const cell = row * this.#width + ((first + Math.imul(row, step)) & mask);
      if ((this.#cells[cell] ?? 0) < raised) this.#cells[cell] = raised;
    }
    return raised;
  }

  #rank(text: string, estimate: number): void {
    this.#top.set(text, estimate);
    if (this.#top.size <= this.#most) return;
    let [rarest, least] = ['', Number.POSITIVE_INFINITY];
    for (const [name, count] of this.#top) if (count < least) [rarest, least] = [name, count];
    this.#top.delete(rarest);
    this.#least = least;
  }
}
