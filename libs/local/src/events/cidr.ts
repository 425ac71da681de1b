import { BlockList, isIP } from 'node:net';
import { invalidPattern, type ValueMatcher } from './pattern-operators.ts';

/**
 * Matches IP addresses of a block, such as `10.0.0.0/24` or `2001:db8::/32`, or one address.
 *
 * @throws {AwsError} `InvalidEventPatternException`.
 */
export function cidrMatcher(operand: unknown): ValueMatcher {
  if (typeof operand !== 'string') throw invalidPattern('prefix match pattern must be a string');
  const [address = '', bits, ...more] = operand.split('/');
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const length = bits === undefined ? longest : Number(bits);
  if (version === 0 || more.length > 0 || bits === '' || !Number.isInteger(length) || length < 0 || length > longest)
    throw invalidPattern(`Malformed CIDR, one '/' required: ${operand}`);
  const block = new BlockList();
  block.addSubnet(address, length, family(version));
  return (value) => typeof value === 'string' && isIP(value) === version && block.check(value, family(version));
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4';
}
