import type { Area, Resize } from '../edits/shape-edits.ts';
import type { Size } from './limits.ts';

/**
 * How a picture is cut to a size with one point in sight: it is made as small as it may be to fill the size, and what is cut out of it has the point in its middle, or as near to it as the
 * picture reaches.
 *
 * @param focal parts of the picture's width and height, from its top left.
 */
export function toFocus(
  { resize, focal: [x, y] }: { resize: Resize; focal: readonly [x: number, y: number] },
  picture: Size,
): { scaled: Size; area: Area } {
  const { withoutEnlargement = false, withoutReduction = false } = resize;
  const asked = { width: resize.width ?? picture.width, height: resize.height ?? picture.height };
  const filling = Math.max(asked.width / picture.width, asked.height / picture.height);
  const scale = (withoutEnlargement && filling > 1) || (withoutReduction && filling < 1) ? 1 : filling;
  const scaled = { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) };
  const [left, width] = span(x, scaled.width, asked.width);
  const [top, height] = span(y, scaled.height, asked.height);
  return { scaled, area: { left, top, width, height } };
}

function span(focal: number, side: number, asked: number): [start: number, length: number] {
  const length = Math.min(side, asked);
  const start = Math.round(focal * side - length / 2);
  return [Math.min(side - length, Math.max(0, start)), length];
}
