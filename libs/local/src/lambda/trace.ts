import { randomBytes } from 'node:crypto';

/**
 * The trace header that an invocation is given: the caller's root, or a new one, and a segment id of its own, as Lambda's active tracing has it.
 * Calls that the function makes carry it, so a call tells which invocation made it.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceOf(incoming: string | undefined, now: number): string {
  const root =
    /(?:^|;)\s*Root=([^;]+)/.exec(incoming ?? '')?.[1] ??
    `1-${Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
  const sampled = /(?:^|;)\s*Sampled=([01])/.exec(incoming ?? '')?.[1] ?? '1';
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled}`;
}

/** The segment id in a trace header. */
export function parentOf(header: string | undefined): string | undefined {
  return /(?:^|;)\s*Parent=([^;]+)/.exec(header ?? '')?.[1];
}
