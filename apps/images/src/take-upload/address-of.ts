import type { Image } from '@larder/contracts/common';
import { literalText, sign } from '../request/signature.ts';
import type { Size } from '../transform/limits.ts';
import { sizeAfter } from '../transform/size-after.ts';

/** A picture as a page of many shows it. Who wants another size makes another address of its key. */
const side = 600;

/**
 * The address at which a picture is shown, and its size there. Where addresses are signed, so is this one, by the first secret.
 *
 * @param bucket that the address has to name.
 */
export function addressOf(
  key: string,
  size: Size,
  { address, bucket, secrets }: { address: string; bucket?: string | undefined; secrets: readonly string[] },
): Image {
  const path = `/fit-in/${side}x${side}/filters:no_upscale()/${bucket === undefined ? '' : `s3:${bucket}/`}${key.split('/').map(encodeURIComponent).join('/')}`;
  const [secret] = secrets;
  const query = secret === undefined ? '' : `?signature=${sign(literalText(path, new Map()), secret)}`;
  return {
    url: `${address}${path}${query}`,
    ...sizeAfter([['resize', { width: side, height: side, fit: 'inside', withoutEnlargement: true }]], size),
  };
}
