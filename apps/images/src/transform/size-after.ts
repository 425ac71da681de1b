import type { Resize } from '../edits/shape-edits.ts';
import type { Size } from './limits.ts';
import type { PipelineEdit } from './pipeline-edits.ts';

type Area = Size | undefined;

/**
 * The size that a picture has after edits, known before anything is computed. It is exact but for `trim`, which may make it smaller, and for `affine` and angles that
 * are no right ones, where libvips rounds in its own way. It follows the order of sharp's pipeline, and what decides there whether a picture is rotated before or
 * after it is resized.
 */
export function sizeAfter(edits: readonly PipelineEdit[], picture: Size): Size {
  const { angle, rotateBefore, before, after, resize, extend, affine } = read(edits);
  const turned = rotateBefore ? rotated(picture, angle) : picture;
  const cropped = smaller(turned, before);
  const resized = resize ? scaled(cropped, resize) : cropped;
  // Right angles before the picture is cut to its frame, all others after it.
  const isRight = angle % 90 === 0;
  const turnedLate = !rotateBefore && isRight ? rotated(resized, angle) : resized;
  const framed = resize ? framedBy(turnedLate, resize) : turnedLate;
  const angled = !rotateBefore && !isRight ? rotated(framed, angle) : framed;
  const extracted = smaller(angled, after);
  return extended(affine ? stretched(extracted, affine) : extracted, extend);
}

const shapes: ReadonlySet<PipelineEdit[0]> = new Set(['extract', 'crop', 'rotate', 'extend', 'trim', 'affine']);

/** Whether that size is for certain. A side that follows from the other may be a pixel off: decoders that shrink while they read round as well. */
export function isCertain(edits: readonly PipelineEdit[]): boolean {
  return edits.every(([name, value]) => {
    if (name !== 'resize') return !shapes.has(name);
    const { width, height, fit = 'cover', withoutEnlargement = false, withoutReduction = false } = value;
    return Boolean(width && height) && !withoutEnlargement && !withoutReduction && fit !== 'inside' && fit !== 'outside';
  });
}

interface Options {
  angle: number;
  rotateBefore: boolean;
  before: Area;
  after: Area;
  resize?: Resize;
  extend?: Extract<PipelineEdit, readonly ['extend', unknown]>[1];
  affine?: readonly number[];
}

/** What sharp makes of the order of the calls. */
function read(edits: readonly PipelineEdit[]): Options {
  const options: Options = { angle: 0, rotateBefore: false, before: undefined, after: undefined };
  const turns = () => options.angle % 360 !== 0;
  const resizes = () => Boolean(options.resize?.width ?? options.resize?.height);
  for (const [name, value] of edits) {
    if (name === 'rotate') options.angle = value ?? 0;
    else if (name === 'trim') options.rotateBefore ||= turns();
    else if (name === 'extend') options.extend = value;
    else if (name === 'affine') options.affine = value;
    else if (name === 'resize') {
      options.resize = value;
      options.rotateBefore ||= turns() && resizes();
    } else if (name === 'extract' || name === 'crop') {
      if (resizes() || options.before) options.after = value;
      else options.before = value;
      // sharp forgets it for a second area.
      options.rotateBefore ||= turns() && !resizes() && !(options.before && options.after);
    }
  }
  return options;
}

function scaled(picture: Size, { width, height, fit = 'cover', withoutEnlargement, withoutReduction }: Resize): Size {
  let x = width ? width / picture.width : 1;
  let y = height ? height / picture.height : 1;
  if (width && height) {
    if (fit === 'cover' || fit === 'outside') x = y = Math.max(x, y);
    if (fit === 'contain' || fit === 'inside') x = y = Math.min(x, y);
  } else if (fit !== 'fill' && (width || height)) {
    x = y = width ? x : y;
  }
  if (withoutReduction) [x, y] = [Math.max(1, x), Math.max(1, y)];
  else if (withoutEnlargement) [x, y] = [Math.min(1, x), Math.min(1, y)];
  return { width: Math.max(1, Math.round(picture.width * x)), height: Math.max(1, Math.round(picture.height * y)) };
}

/** Cut to the frame, or put into it. */
function framedBy(picture: Size, { width, height, fit = 'cover' }: Resize): Size {
  const [w, h] = [width ?? picture.width, height ?? picture.height];
  if (fit === 'cover') return { width: Math.min(picture.width, w), height: Math.min(picture.height, h) };
  if (fit === 'contain') return { width: Math.max(picture.width, w), height: Math.max(picture.height, h) };
  return picture;
}

function rotated({ width, height }: Size, degrees: number): Size {
  if (degrees % 180 === 0) return { width, height };
  if (degrees % 90 === 0) return { width: height, height: width };
  const radians = (degrees * Math.PI) / 180;
  return stretched({ width, height }, [Math.cos(radians), Math.sin(radians), Math.sin(radians), Math.cos(radians)]);
}

/** The box around a picture under a matrix, with a pixel for what libvips rounds otherwise. */
function stretched({ width, height }: Size, [a = 1, b = 0, c = 0, d = 1]: readonly number[]): Size {
  const box = (x: number, y: number) => Math.ceil(Math.abs(x) * width + Math.abs(y) * height) + 1;
  return { width: box(a, b), height: box(c, d) };
}

function smaller(picture: Size, area: Area): Size {
  return area ? { width: Math.min(area.width, picture.width), height: Math.min(area.height, picture.height) } : picture;
}

function extended({ width, height }: Size, extend: Options['extend']): Size {
  if (extend === undefined) return { width, height };
  if (typeof extend === 'number') return { width: width + 2 * extend, height: height + 2 * extend };
  const { top = 0, bottom = 0, left = 0, right = 0 } = extend;
  return { width: width + left + right, height: height + top + bottom };
}
