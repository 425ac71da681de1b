import { toParts } from '../edits/canonical-order.ts';
import { type Edit, type Edits, listEdits } from '../edits/edits.ts';
import type { Resize } from '../edits/shape-edits.ts';
import type { ContentModeration, Overlay, RoundCrop, SmartCrop } from '../edits/special-edits.ts';
import { ImageError } from '../image-error.ts';
import type { Size } from './limits.ts';
import type { PipelineEdit } from './pipeline-edits.ts';

/** What is done next to a picture. */
export type Step =
  | {
      readonly kind: 'edit';
      readonly edits: readonly PipelineEdit[];
      /** sharp makes them after it has laid something over. */ readonly late: boolean;
    }
  /** Cut to both sides, with a point in sight. */
  | { readonly kind: 'focus'; readonly resize: Resize; readonly focal: readonly [x: number, y: number] }
  /** All pixels are computed here. */
  | { readonly kind: 'compute' }
  | { readonly kind: 'overlay'; readonly overlays: readonly Overlay[] }
  | { readonly kind: 'roundCrop'; readonly roundCrop: Exclude<RoundCrop, boolean> }
  | { readonly kind: 'smartCrop'; readonly smartCrop: Exclude<SmartCrop, boolean> }
  | { readonly kind: 'moderate'; readonly moderation: Exclude<ContentModeration, boolean> };

/** What sharp's pipeline does after its `composite`. https://github.com/lovell/sharp/blob/v0.35.5/src/pipeline.cc */
const lateEdits: ReadonlySet<PipelineEdit[0]> = new Set([
  ...([
    'linear',
    'normalise',
    'clahe',
    'bandbool',
    'tint',
    'removeAlpha',
    'ensureAlpha',
    'toColourspace',
    'extractChannel',
    'negate',
  ] as const),
]);

/** Those that look at all pixels before the pipeline even runs, when sharp's timeout does not count yet: what is slow must not come before them in one pipeline. */
const hastyEdits: ReadonlySet<PipelineEdit[0]> = new Set(['normalise', 'clahe']);
const slowEdits: ReadonlySet<PipelineEdit[0]> = new Set(['median', 'blur', 'convolve', 'sharpen']);

/**
 * The steps that edits come to: as few as there can be, since between two of them all pixels are computed. Edits run in the order of their keys, with the
 * liberty that sharp takes (`canonical-order.ts`); what is laid over comes after what its part does to the picture.
 *
 * @throws {ImageError} `BadRequest` for what cannot be done to an animation.
 */
export function planSteps(edits: Edits, picture: Size & { readonly animated: boolean; readonly canFindFaces: boolean }): Step[] {
  const parts = toParts(withAttention(edits, picture).filter(([name]) => !isSkipped(name, picture)));
  return parts.flatMap((part) => toSteps(part, picture));
}

/** The size that a drawing should be drawn in, so that it is sharp: what it is resized to, unless something else comes before. */
export function wantedSize(edits: Edits): Partial<Size> | undefined {
  const [name, value] = toParts(listEdits(edits))[0]?.[0] ?? [];
  if (name !== 'resize' || value.ratio !== undefined || value.withoutEnlargement || value.withoutReduction) return undefined;
  return { width: value.width ?? undefined, height: value.height ?? undefined };
}

function toSteps(part: readonly Edit[], picture: Size & { readonly animated: boolean }): Step[] {
  const at = part.findIndex(([name, value]) => name === 'resize' && value.focal !== undefined);
  const [, resize] = (part[at] ?? []) as readonly [unknown?, Resize?];
  if (resize) {
    const { focal, ...unfocused } = withoutRatio(resize, picture);
    const isCut = unfocused.width && unfocused.height && (unfocused.fit ?? 'cover') === 'cover';
    const focus: Step[] = focal && isCut ? [{ kind: 'focus', resize: unfocused, focal }] : toEdits([['resize', unfocused]], false);
    return [...toSteps(part.slice(0, at), picture), ...focus, ...toSteps(part.slice(at + 1), picture)];
  }
  const plain: PipelineEdit[] = [];
  const over: Step[] = [];
  let end: Step[] = [];
  for (const edit of part) {
    const [name, value] = edit;
    if (name === 'overlayWith') over.push({ kind: 'overlay', overlays: value });
    else if (name === 'roundCrop') over.push({ kind: 'roundCrop', roundCrop: options(value) });
    else if (name === 'smartCrop') end = [{ kind: 'smartCrop', smartCrop: options(value) }];
    else if (name === 'contentModeration') end = [{ kind: 'moderate', moderation: options(value) }];
    else if (name === 'resize') plain.push(['resize', withoutRatio(value, picture)]);
    else if (name !== 'animated' && value !== null) plain.push(edit as PipelineEdit);
  }
  const apart = plain.some(([name]) => slowEdits.has(name)) && plain.some(([name]) => hastyEdits.has(name));
  const isLate = ([name]: PipelineEdit) => (over.length > 0 || apart) && lateEdits.has(name);
  const compute: Step[] = apart ? [{ kind: 'compute' }] : [];
  return [
    ...toEdits(
      plain.filter((edit) => !isLate(edit)),
      false,
    ),
    ...over,
    ...compute,
    ...toEdits(plain.filter(isLate), true),
    ...end,
  ];
}

function toEdits(edits: readonly PipelineEdit[], late: boolean): Step[] {
  return edits.length > 0 ? [{ kind: 'edit', edits, late }] : [];
}

/** As in AWS's solution: these are left out for animations. */
function isSkipped(name: Edit[0], { animated }: { readonly animated: boolean }): boolean {
  if (animated && name === 'flip') throw new ImageError('BadRequest', 'An animation cannot be flipped: it would run backwards.');
  return animated && ['rotate', 'smartCrop', 'roundCrop', 'contentModeration'].includes(name);
}

/** Where nobody finds faces, libvips crops to what catches the eye, if there is a shape to crop to. */
function withAttention(edits: Edits, { canFindFaces, animated }: { readonly canFindFaces: boolean; readonly animated: boolean }): Edit[] {
  const all = listEdits(edits);
  if (!edits.smartCrop || canFindFaces || animated) return all;
  const others = all.filter(([name]) => name !== 'smartCrop');
  const { width, height, fit = 'cover', position } = edits.resize ?? {};
  if (!width || !height || fit !== 'cover' || position !== undefined) return others;
  return others.map((edit) => (edit[0] === 'resize' ? ['resize', { ...edit[1], position: 'attention' }] : edit));
}

/** A ratio is one of the sides that are asked for, when both are, and else of the picture's own. */
function withoutRatio({ ratio, ...resize }: Resize, picture: Size): Resize {
  if (ratio === undefined) return resize;
  const { width, height } = resize.width && resize.height ? { width: resize.width, height: resize.height } : picture;
  const scaled = (side: number) => Math.max(1, Math.round(side * ratio));
  return { fit: 'inside', ...resize, width: scaled(width), height: scaled(height) };
}

function options<Options extends object>(value: Options | boolean): Options {
  return typeof value === 'object' ? value : ({} as Options);
}
