import { Readable } from 'node:stream';
import { LARGEST_ENTRY, type Cache } from './cache.ts';

/** How it ended: the whole body, or why there is none to keep. */
export type Collected = Buffer | 'too large' | 'failed';

/**
 * Passes a body on, and collects it on the way. What is collected comes at the origin's pace, because others wait for it; what has become too large
 * to keep goes on at the pace of its reader.
 *
 * @param isWanted whether anybody else waits for it: if not, a reader that goes away ends it
 */
export function collect(source: Readable, cache: Cache, isWanted: () => boolean): { body: Readable; whole: Promise<Collected> } {
  let wake = (): void => {};
  const body = new Readable({
    read: () => wake(),
    destroy(error, done) {
      wake();
      done(error);
    },
  });
  // Whoever reads it is told; if nobody does, nobody misses it.
  body.on('error', () => {});

  let kept: Buffer[] | undefined = [];
  let size = 0;
  const whole = Promise.withResolvers<Collected>();
  const settle = (collected: Collected): void => {
    if (kept) cache.release(size);
    kept = undefined;
    whole.resolve(collected);
  };

  const pump = async (): Promise<void> => {
    for await (const given of source as AsyncIterable<Buffer | string>) {
      const chunk = Buffer.isBuffer(given) ? given : Buffer.from(given);
      if (kept && (size + chunk.length > LARGEST_ENTRY || !cache.reserve(chunk.length))) settle('too large');
      if (kept) {
        size += chunk.length;
        kept.push(chunk);
      }
      if (body.destroyed && !(kept && isWanted())) return settle('failed');
      if (!body.destroyed && !body.push(chunk) && !kept) await new Promise<void>((resolve) => (wake = resolve));
    }
    if (kept) settle(Buffer.concat(kept));
    body.push(null);
  };
  pump().catch((error: unknown) => {
    settle('failed');
    body.destroy(error as Error);
  });
  return { body, whole: whole.promise };
}
