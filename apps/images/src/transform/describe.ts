import { encode } from 'blurhash';
import { sharp, type Sharp } from './libvips.ts';
import type { Size } from './limits.ts';

/** What a page can show until the picture has come. */
export interface Placeholder extends Size {
  /** `#rrggbb`, of most of its pixels. */
  readonly color: string;
  /** https://blurha.sh */
  readonly blurhash: string;
  /** The whole picture in some hundred bytes, as a `data:` URI. */
  readonly lqip: string;
}

/** As many of blurhash's components, on the longer side and on the shorter, as its authors advise. https://github.com/woltapp/blurhash#how-do-i-pick-the-number-of-x-and-y-components */
const components = [4, 3] as const;

/** Looks at a picture small: more than this nobody sees in a placeholder. */
const side = 32;

export async function describe(pipeline: Sharp, { width, height }: Size): Promise<Placeholder> {
  const small = pipeline.resize({ width: side, height: side, fit: 'inside' }).toColourspace('srgb');
  const [lqip, pixels, flat] = await Promise.all([
    small
      .clone()
      .resize({ width: side / 2, height: side / 2, fit: 'inside' })
      .webp({ quality: 40, alphaQuality: 40 })
      .toBuffer(),
    small.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
    small.clone().flatten({ background: '#fff' }).png().toBuffer(),
  ]);
  const [x, y] = width >= height ? components : [components[1], components[0]];
  const { dominant } = await sharp(flat).stats();
  return {
    width,
    height,
    color: `#${[dominant.r, dominant.g, dominant.b].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`,
    blurhash: encode(new Uint8ClampedArray(pixels.data), pixels.info.width, pixels.info.height, x, y),
    lqip: `data:image/webp;base64,${lqip.toString('base64')}`,
  };
}
