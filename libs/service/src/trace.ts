/**
 * X-Ray's tracing header and W3C's name the same ids in two spellings: X-Ray's `Root=1-<8 hex>-<24 hex>` is the 32 hex digits of W3C's trace id.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader · https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function toTraceparent(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const root = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(header);
  const parent = /Parent=([0-9a-f]{16})/.exec(header);
  if (!root || !parent) return undefined;
  return `00-${root[1]}${root[2]}-${parent[1]}-${header.includes('Sampled=1') ? '01' : '00'}`;
}

/** The other way: W3C's `traceparent` as X-Ray's header. Anything malformed is no trace. */
export function toTraceHeader(traceparent: string | undefined): string | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  if (!match) return undefined;
  return `Root=1-${match[1]}-${match[2]};Parent=${match[3]};Sampled=${Number.parseInt(match[4] ?? '0', 16) & 1}`;
}
