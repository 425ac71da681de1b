import { createHmac } from 'node:crypto';

/** What the service reads of a query; it is deaf to everything else, and so is the signature. */
const names = new Set(['expires', 'format', 'fit', 'width', 'height', 'rotate', 'flip', 'flop', 'grayscale', 'greyscale']);

/**
 * The address with its `signature`: HMAC-SHA256 over the path and the sorted query. For servers: whoever has the secret may ask for everything.
 *
 * @param address from its `/` on, as the service gets it. What stands before it (`https://images.example.com`) is not signed.
 * @param expires until when the address is good, to the second. Pictures that are to be kept by browsers need the same instant on many pages: the end of the day.
 * @throws {TypeError} for an address with something before it, or without a secret.
 * @throws {RangeError} for an instant that is none.
 */
export function signAddress(address: string, secret: string, { expires }: { readonly expires?: Date | undefined } = {}): string {
  if (!address.startsWith('/')) throw new TypeError('Sign the address from its / on, and put the host before it afterwards');
  if (secret === '') throw new TypeError('An address cannot be signed without a secret');
  const { pathname, searchParams } = new URL(`http://images${address}`);
  if (expires) searchParams.set('expires', toInstant(expires));
  // Of a name that comes twice the service takes the last one.
  const query = new Map(searchParams);
  const signed = [...query].filter(([name]) => names.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = signed.length > 0 ? `${pathname}?${signed.map((pair) => pair.join('=')).join('&')}` : pathname;
  query.set('signature', createHmac('sha256', secret).update(text).digest('hex'));
  return `${pathname}?${new URLSearchParams([...query])}`;
}

/** `YYYYMMDDTHHmmssZ`. */
function toInstant(date: Date): string {
  const iso = date.toISOString();
  if (iso.length !== 24) throw new RangeError('An address expires in a year of four digits');
  return iso.replaceAll(/[-:]|\.\d+/g, '');
}
