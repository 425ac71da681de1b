import type { SmartCrop } from '../edits/special-edits.ts';
import type { Area } from '../edits/shape-edits.ts';
import { ImageError } from '../image-error.ts';
import type { Size } from './limits.ts';

/** Where a face is, in parts of the picture's sides. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The area around a face; undefined (the whole picture) when there is no face at all.
 *
 * @param faces the surest first.
 * @throws {ImageError} `SmartCrop::FaceIndexOutOfRange`, or `SmartCrop::PaddingOutOfBounds` when nothing would be left.
 */
export function toFaceArea(
  faces: readonly FaceBox[],
  { faceIndex, padding }: Exclude<SmartCrop, boolean>,
  picture: Size,
): Area | undefined {
  if (faces.length === 0) return undefined;
  const face = faces[faceIndex ?? 0];
  if (!face)
    throw new ImageError('SmartCrop::FaceIndexOutOfRange', `There is no such face: ${faces.length} were found, and the first is 0.`);
  const [left, right] = span(face.left, face.width, picture.width, padding ?? 0);
  const [top, bottom] = span(face.top, face.height, picture.height, padding ?? 0);
  if (right <= left || bottom <= top)
    throw new ImageError('SmartCrop::PaddingOutOfBounds', 'With this padding nothing is left of the face: choose a larger one.');
  return { left, top, width: right - left, height: bottom - top };
}

/** A face may reach out of the picture; what is cut out may not. */
function span(start: number, length: number, side: number, padding: number): [number, number] {
  const from = within(start, 1);
  const until = within(from + within(length, 1), 1);
  const begin = within(Math.floor(from * side - padding), side);
  return [begin, Math.min(side, begin + Math.floor((until - from) * side + padding * 2))];
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** What Rekognition looks at: at least so many pixels on each side. https://docs.aws.amazon.com/rekognition/latest/dg/limits.html */
const leastSide = 80;
/** Enough to find a face. */
const mostSide = 1024;

/** The size in which a picture is looked at; undefined for one that is too narrow to have it. */
export function toPreview({ width, height }: Size): Size | undefined {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const scale = Math.min(mostSide / long, Math.max(1, leastSide / short));
  const scaled = (side: number) => Math.round(side * scale);
  return scaled(short) < leastSide ? undefined : { width: scaled(width), height: scaled(height) };
}
