import { cidrBlocks } from './cidr.ts';

describe('cidrBlocks', () => {
  it('divides an IPv4 block', () => {
    expect(cidrBlocks('192.168.0.0/24', 3, 5)).toEqual(['192.168.0.0/27', '192.168.0.32/27', '192.168.0.64/27']);
  });
  it('divides an IPv6 block', () => {
    expect(cidrBlocks('2001:db8::/56', 2)).toEqual(['2001:db8::/64', '2001:db8:0:1::/64']);
  });
  it('refuses more than fits', () => {
    expect(() => cidrBlocks('10.0.0.0/30', 5, 1)).toThrow('has no room for 5 blocks');
  });
  it('refuses what is no block', () => {
    expect(() => cidrBlocks('10.0.0.300/16', 1)).toThrow('is not a CIDR block');
  });
});
