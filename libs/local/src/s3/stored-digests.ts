import { createHash } from 'node:crypto';
import type { Bodies } from './bodies.ts';
import { type Algorithm, type Digest, digestOf } from './checksum.ts';

/** Reads what is stored again, for its MD5 and, if one is asked for, a checksum. */
export async function storedDigests(
  bodies: Pick<Bodies, 'open'>,
  { body, start, end }: { readonly body: string; readonly start: number; readonly end: number },
  algorithm: Algorithm | undefined,
): Promise<{ readonly md5: string; readonly sum: string | undefined }> {
  const md5 = createHash('md5');
  const digest = algorithm && digestOf(algorithm);
  await readStored(bodies, { body, start, end }, (chunk) => {
    md5.update(chunk);
    digest?.update(chunk);
  });
  return { md5: md5.digest('hex'), sum: (await digest?.finish())?.toString('base64') };
}

/** Gives the bytes of a body to whoever makes something of them. */
export async function readStored(
  bodies: Pick<Bodies, 'open'>,
  { body, start, end }: { readonly body: string; readonly start: number; readonly end: number },
  each: Digest['update'],
): Promise<void> {
  const opened = bodies.open(body, start, end);
  if (Buffer.isBuffer(opened)) return each(opened);
  try {
    for await (const chunk of opened.chunks) each(chunk);
  } finally {
    opened.close();
  }
}
