import { isLater } from './sequence-number.ts';

it.each([
  ['10', '9', true],
  ['9', '10', false],
  ['49590338271490256608559692538361571095921575989136588898', '49590338271490256608559692538361571095921575989136588897', true],
  ['7', '7', false],
  ['0', '', true],
])('that %s is later than %j is %s', (one, other, later) => {
  expect(isLater(one, other)).toBe(later);
});
