import type { RoundCrop } from '../edits/special-edits.ts';
import type { Area } from '../edits/shape-edits.ts';
import { ImageError } from '../image-error.ts';
import type { Size } from './limits.ts';

/**
 * The ellipse that is left of a picture: the box around it, and a mask of the size of that box. What is not said, or 0, is the middle, or half of the shorter
 * side.
 *
 * @throws {ImageError} `Crop::AreaOutOfBounds` when nothing would be left.
 */
export function toRound(
  { rx, ry, top, left }: Exclude<RoundCrop, boolean>,
  { width, height }: Size,
): { readonly box: Area; readonly mask: Buffer } {
  const radius = Math.min(width, height) / 2;
  const [x, y, radiusX, radiusY] = [left || width / 2, top || height / 2, rx || radius, ry || radius];
  const [west, north] = [Math.max(0, Math.floor(x - radiusX)), Math.max(0, Math.floor(y - radiusY))];
  const [east, south] = [Math.min(width, Math.ceil(x + radiusX)), Math.min(height, Math.ceil(y + radiusY))];
  if (east <= west || south <= north) throw new ImageError('Crop::AreaOutOfBounds', 'The ellipse lies outside of the picture.');
  const box = { left: west, top: north, width: east - west, height: south - north };
  const ellipse = `<ellipse cx="${x - west}" cy="${y - north}" rx="${radiusX}" ry="${radiusY}"/>`;
  return { box, mask: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}">${ellipse}</svg>`) };
}
