import type { Format } from './edits.ts';
import { type AddressOf, type Shown, toSrcset, toWidth } from './srcset.ts';

export interface ImgShown extends Shown {
  /** Of a picture that is as wide as the page makes it; see `toSizes`. Absent: as wide as the window. */
  readonly sizes?: string | undefined;
  /** `eager` for what is seen first. Absent: `lazy`. */
  readonly loading?: 'lazy' | 'eager' | undefined;
}

export interface Source {
  readonly srcset: string;
  readonly sizes?: string | undefined;
}

/** Attributes of an `<img>`, but for its `alt`. With `width` and `height` a page keeps the place of a picture that is still to come. */
export interface Img extends Source {
  readonly src: string;
  readonly width: number;
  readonly height: number;
  readonly loading: 'lazy' | 'eager';
  readonly decoding: 'async';
}

/**
 * Attributes of an `<img>` that comes in the width that the screen needs. They can be set one after the other: `src`, with which a browser begins to load, is
 * the last one.
 */
export function toImg(address: AddressOf, shown: ImgShown): Img {
  const { own, loading = 'lazy', width = own.width } = shown;
  return {
    loading,
    decoding: 'async',
    width,
    height: Math.round((width * own.height) / own.width),
    ...(shown.sizes && { sizes: shown.sizes }),
    srcset: toSrcset(address, shown),
    src: address(toWidth(shown)),
  };
}

/**
 * Attributes for a `<picture>`: a `<source>` for each format, and an `<img>` for browsers that take none of them, without a format. Where the service chooses
 * the format (`format: 'auto'`) `toImg` is enough.
 *
 * @param formats best first.
 */
export function toPicture(
  address: AddressOf,
  shown: ImgShown,
  formats: readonly Format[] = ['avif', 'webp'],
): { readonly sources: readonly (Source & { readonly type: `image/${Format}` })[]; readonly img: Img } {
  return {
    sources: formats.map((format) => ({
      type: `image/${format}`,
      ...(shown.sizes && { sizes: shown.sizes }),
      srcset: toSrcset(address, shown, format),
    })),
    img: toImg(address, shown),
  };
}
