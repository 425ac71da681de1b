import type { Format } from './edits.ts';

/** The widths that pictures are asked for in: few, so that a picture is made a few times, and not once for every screen. */
const steps = [160, 240, 320, 480, 640, 960, 1280, 1920, 2560, 3840];

/** The address of a picture in a width, and in a format if one is asked for. */
export type AddressOf = (width: number, format?: Format) => string;

/** How a page shows a picture. */
export interface Shown {
  /** The picture's own size in pixels, as it is after edits that cut or turn it. It is asked for in no width above its own. */
  readonly own: { readonly width: number; readonly height: number };
  /** How wide it is always shown, in pixels of CSS: there are candidates for screens of one, two and three pixels to one of these. Absent: as wide as the page makes it. */
  readonly width?: number | undefined;
  /** For the latter, the most pixels that are worth having. Absent: 3840. */
  readonly most?: number | undefined;
}

/** A `srcset`: `… 160w, … 240w`, or `… 2x, … 1x` of a picture that is always as wide. */
export function toSrcset(address: AddressOf, shown: Shown, format?: Format): string {
  const candidates = shown.width
    ? [3, 2, 1].map((density) => [toWidth(shown, density), `${density}x`] as const)
    : steps.map((step) => Math.min(step, toWidth(shown))).map((step) => [step, `${step}w`] as const);
  // Of two screens that would get the same picture it is said for the one of fewer pixels.
  return [...new Map(candidates)].map(([pixels, screen]) => `${address(pixels, format)} ${screen}`).join(', ');
}

/** The one width that is asked for where there is no choice: the least that need not be made larger, or the picture's own. */
export function toWidth({ own, most = 3840, width = most }: Shown, density = 1): number {
  return Math.min(steps.find((step) => step >= width * density) ?? 3840, own.width);
}

/** `sizes`: how wide the page shows a picture, by the first media condition that holds: `toSizes({ '(min-width: 60em)': '50vw' }, '100vw')`. */
export function toSizes(conditions: Readonly<Record<string, string>>, otherwise: string): string {
  return [...Object.entries(conditions).map((condition) => condition.join(' ')), otherwise].join(', ');
}
