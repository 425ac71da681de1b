import { ImageError } from '../image-error.ts';

/**
 * For how many seconds an address is still good; undefined when it always is.
 *
 * @param expires `YYYYMMDDTHHmmssZ`.
 * @throws {ImageError} `ImageRequestExpiryFormat` or `ImageRequestExpired`.
 */
export function secondsToExpiry(expires: string | undefined, now: Date): number | undefined {
  if (expires === undefined) return undefined;
  const iso = /^\d{8}T\d{6}Z$/.test(expires) ? expires.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6.000Z') : '';
  const at = new Date(iso);
  // A 30th of February is read as a day of March.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== iso)
    throw new ImageError('ImageRequestExpiryFormat', 'expires must be a real instant, written as YYYYMMDDTHHmmssZ: 19700102T120304Z.');
  if (at < now) throw new ImageError('ImageRequestExpired', 'This request has expired.');
  return Math.floor((at.getTime() - now.getTime()) / 1000);
}
