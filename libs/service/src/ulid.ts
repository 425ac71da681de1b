const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let lastTime = -1;
let lastRandom: number[] = [];

/**
 * A ULID: 26 characters that sort by time, and within one millisecond of this process by the order in which they were made.
 * https://github.com/ulid/spec
 *
 * @param time milliseconds since 1970; a clock that jumps back does not make it sort back.
 */
export function ulid(time: number = Date.now()): string {
  if (time <= lastTime) increment(lastRandom);
  else {
    lastTime = time;
    lastRandom = Array.from(process.getBuiltinModule('node:crypto').randomBytes(16), (byte) => byte & 31);
    // The first digit keeps room for increments.
    lastRandom[0] = (lastRandom[0] ?? 0) & 15;
  }
  let rest = lastTime;
  let text = '';
  for (let digit = 0; digit < 10; digit += 1) {
    text = (alphabet[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  for (const value of lastRandom) text += alphabet[value] ?? '';
  return text;
}

function increment(digits: number[]): void {
  for (let place = digits.length - 1; place >= 0; place -= 1) {
    const value = (digits[place] ?? 0) + 1;
    digits[place] = value & 31;
    if (value < 32) return;
  }
}
