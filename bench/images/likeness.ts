import sharp, { type Sharp } from 'sharp';

/** How near a picture comes to what it was made from (peak signal-to-noise ratio, in dB): over all frames, on grey where it is transparent. */
export async function psnr(bytes: Uint8Array, original: Sharp): Promise<number> {
  const [made, wanted] = await Promise.all([
    pixels(sharp(bytes, { animated: true })),
    pixels(sharp(await lossless(original), { animated: true })),
  ]);
  if (made.length !== wanted.length) throw new Error(`The picture has ${made.length / 3} pixels instead of ${wanted.length / 3}.`);
  let squares = 0;
  for (let index = 0; index < made.length; index += 1) squares += ((made[index] ?? 0) - (wanted[index] ?? 0)) ** 2;
  return 10 * Math.log10((255 ** 2 * made.length) / squares);
}

/** A pipeline that flattens and composites in one go would do it in another order. */
function lossless(picture: Sharp): Promise<Buffer> {
  return picture.webp({ lossless: true }).toBuffer();
}

function pixels(picture: Sharp): Promise<Buffer> {
  return picture.flatten({ background: '#888' }).toColourspace('srgb').raw().toBuffer();
}
