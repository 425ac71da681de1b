import { parseEdits } from '../edits/edits.ts';
import { inCanonicalOrder } from '../edits/canonical-order.ts';
import type { Output } from '../request/image-request.ts';
import { sharp } from './libvips.ts';
import { type Limits, defaultLimits } from './limits.ts';
import { type Picture, type Ports, transform } from './transform.ts';

type Colour = { r: number; g: number; b: number; alpha?: number } | string;

/** A picture of one colour. */
export const plain = (width: number, height: number, background: Colour) => sharp({ create: { width, height, channels: 4, background } });

/** 120×80, its left half red, its right half blue. */
export const halves = plain(120, 80, 'blue').composite([{ input: await plain(60, 80, 'red').png().toBuffer(), left: 0, top: 0 }]);

/** As a camera held upright takes it: 120×80 pixels, with the word to turn them to 80×120, and with a place in its EXIF. */
export const upright = await halves
  .clone()
  .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 22/1 0/1' } })
  .withMetadata({ orientation: 6, exif: { IFD3: { GPSLatitudeRef: 'N' } } })
  .jpeg({ quality: 100 })
  .toBuffer();

/** Three frames of 60×40, red, green and blue. */
export const animation = await sharp(await Promise.all(['red', 'lime', 'blue'].map((colour) => plain(60, 40, colour).png().toBuffer())), {
  join: { animated: true },
})
  .gif({ delay: [100, 200, 300], loop: 2 })
  .toBuffer();

export const svg = (inner: string, size = 'width="100" height="50"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inner}</svg>`);

/** Makes a picture as a request for it with these edits would. */
export async function make(
  bytes: Uint8Array,
  edits: object = {},
  { output = {}, limits = {}, ...ports }: { output?: Output; limits?: Partial<Limits> } & Partial<Ports> = {},
): Promise<Picture> {
  const { edits: parsed, asked } = parseEdits(edits);
  const nobody = { now: () => new Date(0), overlay: () => Promise.reject(new Error('there is no overlay')) };
  const format = asked.toFormat ?? asked.lastFormat;
  const request = { edits: inCanonicalOrder(parsed), output: { format, options: asked.options, ...output } };
  return transform({ ...nobody, ...ports }, { ...defaultLimits, ...limits })(bytes, request);
}

/** The pixel of a picture at a place, as [red, green, blue, alpha]. */
export async function pixel({ bytes }: Picture, left: number, top: number, page = 0): Promise<number[]> {
  const one = sharp(bytes, { page }).extract({ left, top, width: 1, height: 1 });
  return [...(await one.ensureAlpha().toColourspace('srgb').raw().toBuffer())];
}

/** Whether two pixels look alike: lossy formats are off by a little. */
export function looksLike(seen: readonly number[], expected: readonly number[]): void {
  for (const [channel, value] of expected.entries()) expect(Math.abs((seen[channel] ?? 0) - value)).toBeLessThanOrEqual(12);
}
