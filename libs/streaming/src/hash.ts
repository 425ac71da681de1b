/** Of the 53 bits of a {@link hash}: those above the lower 32. */
export const highBits = 21;

/**
 * A hash of 53 bits of a text, by the finaliser of MurmurHash3 over a multiply-and-mix of its UTF-16 units. Fast and well spread, and no defence against somebody who looks for collisions.
 * https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
export function hash(text: string): number {
  let a = 0xde_ad_be_ef;
  let b = 0x41_c6_ce_57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x9e_37_79_b1);
    b = Math.imul(b ^ unit, 0x5f_35_64_95);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85_eb_ca_6b) ^ Math.imul(b ^ (b >>> 13), 0xc2_b2_ae_35);
  b = Math.imul(b ^ (b >>> 16), 0x85_eb_ca_6b) ^ Math.imul(a ^ (a >>> 13), 0xc2_b2_ae_35);
  return ((b ^ (b >>> 15)) >>> (32 - highBits)) * 2 ** 32 + ((a ^ (a >>> 16)) >>> 0);
}

/** The lower 32 bits of a hash. */
export const lowOf = (hashed: number): number => hashed >>> 0;

/** The bits above them. */
export const highOf = (hashed: number): number => (hashed / 2 ** 32) >>> 0;
