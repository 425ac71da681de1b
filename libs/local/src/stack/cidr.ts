/**
 * The address blocks that `Fn::Cidr` makes: `count` blocks inside `block`, each with `bits` host bits (8 when absent for
 * IPv4, 64 for IPv6).
 *
 * @throws {Error} when the block is no CIDR block or has no room.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(block: string, count: number, bits?: number): readonly string[] {
  const [address = '', prefixText = ''] = block.split('/');
  const six = address.includes(':');
  const width = six ? 128 : 32;
  const prefix = Number(prefixText);
  const base = six ? parseIpv6(address) : parseIpv4(address);
  if (base === undefined || prefixText === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > width) {
    throw new Error(`Fn::Cidr: ${block} is not a CIDR block`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) throw new Error(`Fn::Cidr makes 1 to 256 blocks, not ${count}`);

  const hostBits = bits ?? (six ? 64 : 8);
  const size = 1n << BigInt(hostBits);
  const space = 1n << BigInt(width - prefix);
  if (size * BigInt(count) > space) throw new Error(`Fn::Cidr: ${block} has no room for ${count} blocks of ${hostBits} bits`);
  const start = base - (base % space);
  return Array.from({ length: count }, (_, index) => {
    const each = start + size * BigInt(index);
    return `${six ? formatIpv6(each) : formatIpv4(each)}/${width - hostBits}`;
  });
}

function parseIpv4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function formatIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function parseIpv6(address: string): bigint | undefined {
  const [head = '', tail, more] = address.split('::');
  if (more !== undefined) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = 8 - left.length - right.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

/** Shortened as RFC 5952 asks: the longest run of zero groups becomes `::`. */
function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return groups.join(':');
  const text = groups.join(':');
  return `${text.slice(0, longest.index)}::${text.slice(longest.index + longest[0].length + 1)}`;
}
