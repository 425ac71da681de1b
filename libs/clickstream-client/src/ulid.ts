const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID: 26 characters that sort by time. https://github.com/ulid/spec
 *
 * @param time milliseconds since 1970.
 * @param random a number from 0 up to 1.
 */
export function ulid(time: number, random: () => number): string {
  const digit = (value: number) => digits[Math.floor(value) % 32];
  return Array.from({ length: 26 }, (_, place) => digit(place < 10 ? time / 32 ** (9 - place) : random() * 32)).join('');
}
