import { hash, highBits, highOf, lowOf } from './hash.ts';

/** 2¹⁴ registers: 16 KB, and a standard error of 1.04 / √16384 = 0.81 %. */
const bits = 14;
const registers = 2 ** bits;

/** Bits of a hash that do not name a register: a rank is at most one more. */
const rankBits = 32 - bits + highBits;

/**
 * How many different texts there were, in 16 KB whatever their number. Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog" (2007), with the estimator of Ertl, "New cardinality estimation algorithms
 * for HyperLogLog sketches" (2017), which needs no correction for few or many.
 */
export class HyperLogLog {
  readonly #ranks: Uint8Array;

  private constructor(ranks: Uint8Array) {
    this.#ranks = ranks;
  }

  static create(): HyperLogLog {
    return new HyperLogLog(new Uint8Array(registers));
  }

  /** @throws {RangeError} when it is none of {@link toBytes}. */
  static from(bytes: Uint8Array): HyperLogLog {
    if (bytes.byteLength !== registers) throw new RangeError('This is no sketch of 2^14 registers');
    return new HyperLogLog(Uint8Array.from(bytes));
  }

  add(text: string): void {
    const hashed = hash(text);
    const low = lowOf(hashed);
    const register = low >>> (32 - bits);
    // Zeros of what is left of the lower bits, and then of the higher ones.
    const rest = (low << bits) >>> 0;
    const rank = (rest === 0 ? 32 - bits + Math.clz32(highOf(hashed)) - (32 - highBits) : Math.clz32(rest)) + 1;
    if (rank > (this.#ranks[register] ?? 0)) this.#ranks[register] = rank;
  }

  /** Adds what another has seen: the same as if this one had seen it. */
  merge(other: HyperLogLog): void {
    for (let register = 0; register < registers; register += 1)
      this.#ranks[register] = Math.max(this.#ranks[register] ?? 0, other.#ranks[register] ?? 0);
  }

  count(): number {
    const most = rankBits + 1;
    const multiplicity = new Float64Array(most + 1);
    for (const rank of this.#ranks) multiplicity[rank] = (multiplicity[rank] ?? 0) + 1;
    let sum = registers * tau(1 - (multiplicity[most] ?? 0) / registers);
    for (let rank = most - 1; rank >= 1; rank -= 1) sum = 0.5 * (sum + (multiplicity[rank] ?? 0));
    sum += registers * sigma((multiplicity[0] ?? 0) / registers);
    return Math.round((registers / (2 * Math.LN2)) * (registers / sum));
  }

  toBytes(): Uint8Array {
    return Uint8Array.from(this.#ranks);
  }
}

/** Ertl's σ, for registers that nothing has touched. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let [x, y, sum] = [share, 1, share];
  for (let before = Number.NaN; before !== sum;) {
    x *= x;
    before = sum;
    sum += x * y;
    y += y;
  }
  return sum;
}

/** Ertl's τ, for registers that are full. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, sum] = [share, 1, 1 - share];
  for (let before = Number.NaN; before !== sum;) {
    x = Math.sqrt(x);
    before = sum;
    y *= 0.5;
    sum -= (1 - x) ** 2 * y;
  }
  return sum / 3;
}
