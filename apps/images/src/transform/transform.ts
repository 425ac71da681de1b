import type { Format } from '../edits/formats.ts';
import { ImageError } from '../image-error.ts';
import type { ImageRequest } from '../request/image-request.ts';
import type { Place } from '../request/place.ts';
import { running, sharp, type Sharp, timedOut } from './libvips.ts';
import { checkInput, checkOutput, defaultLimits, type Limits, type Size } from './limits.ts';
import { canMove, type Encoding, resolveOutput } from './output-format.ts';
import { withEffort } from './effort.ts';
import { describe } from './describe.ts';
import { toComposite } from './overlay.ts';
import { applyEdits, movesPixels } from './pipeline-edits.ts';
import { planSteps, type Step, wantedSize } from './plan.ts';
import { toFocus } from './focus.ts';
import { toRound } from './round-crop.ts';
import { isCertain, sizeAfter } from './size-after.ts';
import { type FaceBox, toFaceArea, toPreview } from './smart-crop.ts';
import { inspect, open, type Source } from './source.ts';

/** Those who are asked while a picture is made. Who is absent is not there to be asked. */
export interface Ports {
  readonly now: () => Date;
  /** A picture that is laid over another. */
  readonly overlay: (place: Place) => Promise<Uint8Array>;
  /** Faces in a JPEG, the surest first. */
  readonly findFaces?: ((jpeg: Uint8Array) => Promise<readonly FaceBox[]>) | undefined;
  /** Names of what should not be shown in a JPEG, at this confidence of 0 to 100. */
  readonly findLabels?: ((jpeg: Uint8Array, minConfidence: number) => Promise<readonly string[]>) | undefined;
}

/** What answers a request. */
export interface Made {
  readonly bytes: Uint8Array;
  readonly contentType: `image/${string}` | 'application/json';
}

export interface Picture extends Made {
  readonly format: Format;
  readonly contentType: `image/${string}`;
  readonly width: number;
  readonly height: number;
  /** More than one: an animation. */
  readonly frames: number;
}

/** What is known while a picture is made. */
interface Work {
  readonly source: Source;
  readonly animated: boolean;
  readonly ports: Ports;
  readonly limits: Limits;
  /** How long a pipeline may still take. sharp counts in whole seconds, and stops what takes longer. */
  readonly seconds: () => number;
}

/** A picture in the making: pixels that are not computed yet. */
interface Draft extends Size {
  readonly pipeline: Sharp;
  /**
   * `fresh`: nothing was asked of this pipeline yet · `known`: something was, and the size is still for certain · `open`: it takes more edits · `cut`: to its focal point, so that it takes those that move no pixels · `laid over`: it takes only those that sharp makes
   * after it has laid something over.
   */
  readonly state: 'fresh' | 'known' | 'open' | 'cut' | 'laid over';
  /** It was put into a frame, or bent. */
  readonly framed?: boolean | undefined;
}

/**
 * Makes the picture that is asked for. What needs no change is handed on as it is, but for SVG, which never leaves as such. Everything else is made anew: turned
 * as the camera was held, in sRGB, without metadata.
 *
 * @throws {ImageError}
 */
export const transform =
  (ports: Ports, limits: Limits = defaultLimits) =>
  async (bytes: Uint8Array, { edits, output }: Pick<ImageRequest, 'edits' | 'output'>): Promise<Picture> => {
    const seconds = deadline(ports, limits);
    const source = await inspect(bytes, { limits, seconds: seconds(), wanted: wantedSize(edits) });
    const moves = source.frames > 1 && canMove(source.format as Format) && edits.animated !== false;
    const encoding = resolveOutput(output, { ...source, moves });
    if (isAsAsked(source, edits, output, encoding)) return asItIs(source, moves, encoding);
    const animated = moves && canMove(encoding.format);
    const work: Work = { source, animated, ports, limits, seconds };
    checkInput(source, animated ? source.frames : 1, limits);
    return encode(await edited(edits, work), encoding, work);
  };

/** Tells what a page shows until the picture has come, as JSON. @throws {ImageError} */
export const placeholder =
  (ports: Ports, limits: Limits = defaultLimits) =>
  async (bytes: Uint8Array, { edits }: Pick<ImageRequest, 'edits'>): Promise<Made> => {
    const seconds = deadline(ports, limits);
    const source = await inspect(bytes, { limits, seconds: seconds(), wanted: wantedSize(edits) });
    checkInput(source, 1, limits);
    const work: Work = { source, animated: false, ports, limits, seconds };
    const draft = await edited(edits, work);
    // Of a whole picture only as much is decoded as a placeholder needs.
    if (draft.state !== 'fresh') checkOutput(draft, 1, limits);
    const drawn = draft.state === 'fresh' ? draft : await computed(draft, work);
    const described = await running(() => describe(drawn.pipeline, drawn));
    return { bytes: new TextEncoder().encode(JSON.stringify(described)), contentType: 'application/json' };
  };

async function edited(edits: ImageRequest['edits'], work: Work): Promise<Draft> {
  const { source, animated, limits, ports } = work;
  const steps = planSteps(edits, { ...source, animated, canFindFaces: ports.findFaces !== undefined });
  let draft: Draft = { pipeline: open(source, { animated, limits }), width: source.width, height: source.height, state: 'fresh' };
  for (const step of steps) draft = await take(step, draft, work);
  return draft;
}

async function take(step: Step, draft: Draft, work: Work): Promise<Draft> {
  if (step.kind === 'compute') return computed(draft, work);
  if (step.kind === 'edit') {
    const { pipeline, state, ...size } = takes(draft, step) ? draft : await computed(draft, work);
    const after = sizeAfter(step.edits, size);
    // A step that makes a picture larger is bounded like a result; one that does not is bounded by the source.
    if (after.width > size.width || after.height > size.height) checkOutput(after, frames(work), work.limits);
    const asked = await running(async () => applyEdits(pipeline, step.edits));
    const known = state === 'fresh' && isCertain(step.edits) ? 'known' : 'open';
    const framed = step.edits.some(([name]) => name === 'extend' || name === 'affine');
    return { pipeline: asked, ...after, state: state === 'laid over' || state === 'cut' ? state : known, framed };
  }
  const lays = step.kind === 'overlay' || step.kind === 'roundCrop';
  const ready = draft.state === 'fresh' || (lays && draft.state === 'known') ? draft : await computed(draft, work);
  const { pipeline, width, height } = ready;
  switch (step.kind) {
    case 'focus': {
      const { scaled, area } = toFocus(step, ready);
      checkOutput(area, frames(work), work.limits);
      const cut = pipeline.resize({ ...scaled, fit: 'fill', kernel: step.resize.kernel ?? 'lanczos3' }).extract(area);
      return { ...area, pipeline: cut, state: 'cut' };
    }
    case 'overlay': {
      const { ports, animated, limits, seconds } = work;
      const composites = step.overlays.map(async (overlay) =>
        toComposite(overlay, await ports.overlay(overlay.place), { width, height, animated }, { limits, seconds: seconds() }),
      );
      return { ...ready, pipeline: pipeline.composite(await Promise.all(composites)), state: 'laid over' };
    }
    case 'roundCrop': {
      const { box, mask } = toRound(step.roundCrop, ready);
      return { ...box, pipeline: pipeline.extract(box).composite([{ input: mask, blend: 'dest-in' }]), state: 'laid over' };
    }
    case 'smartCrop': {
      const area = toFaceArea(await facesOf(ready, work), step.smartCrop, ready);
      return area ? { ...area, pipeline: pipeline.extract(area), state: 'open' } : ready;
    }
    case 'moderate': {
      const sigma = await blurFor(ready, step.moderation, work);
      return sigma > 0 ? { ...ready, pipeline: pipeline.blur(sigma), state: 'open' } : ready;
    }
  }
}

/** Whether the pipeline makes these edits after what it was told before. */
function takes({ state }: Draft, { edits, late }: Extract<Step, { kind: 'edit' }>): boolean {
  if (state === 'laid over') return late;
  return state !== 'cut' || !edits.some(([name]) => movesPixels(name));
}

/** Computes the pixels as they are by now, at full depth and in no format that costs anything, and begins anew with them. */
async function computed(draft: Draft, { animated, seconds }: Work): Promise<Draft> {
  const { bytes, width, height } = await made(draft, draft.pipeline.timeout({ seconds: seconds() }).tiff({ compression: 'none' }));
  return { pipeline: sharp(bytes, { pages: animated ? -1 : 1, limitInputPixels: false }), width, height, state: 'fresh' };
}

async function encode(draft: Draft, { format, contentType, options }: Encoding, work: Work): Promise<Picture> {
  checkOutput(draft, frames(work), work.limits);
  const { delay, loop } = work.source;
  const affordable = withEffort(format, options, draft.width * draft.height * frames(work));
  const timing = work.animated ? { delay, loop, ...affordable } : affordable;
  return { ...(await made(draft, draft.pipeline.timeout({ seconds: work.seconds() })[format](timing))), format, contentType };
}

async function made({ framed = false }: Draft, pipeline: Sharp): Promise<Pick<Picture, 'bytes' | 'width' | 'height' | 'frames'>> {
  const { data: bytes, info } = await running(() => pipeline.toBuffer({ resolveWithObject: true }));
  // After an area was cut out and then put into a frame, sharp tells the size of the area.
  const { width, height, pages = 1, pageHeight = height } = framed ? await running(() => sharp(bytes).metadata()) : info;
  return { bytes, width, height: pageHeight, frames: pages };
}

async function facesOf(draft: Draft, { ports, seconds }: Work): Promise<readonly FaceBox[]> {
  const jpeg = await preview(draft, seconds());
  if (!jpeg) return [];
  try {
    return (await ports.findFaces?.(jpeg)) ?? [];
  } catch (cause) {
    throw new ImageError('SmartCrop::Error', 'Smart Crop could not be applied.', { cause });
  }
}

async function blurFor(
  draft: Draft,
  moderation: Extract<Step, { kind: 'moderate' }>['moderation'],
  { ports, seconds }: Work,
): Promise<number> {
  const { minConfidence = 75, blur = 50, moderationLabels } = moderation;
  if (!ports.findLabels)
    throw new ImageError('BadRequest', 'There is nobody here to moderate pictures: contentModeration is not available.');
  const jpeg = await preview(draft, seconds());
  if (!jpeg) return 0;
  try {
    const found = await ports.findLabels(jpeg, minConfidence);
    return found.some((label) => moderationLabels?.includes(label) ?? true) ? Math.ceil(blur) : 0;
  } catch (cause) {
    throw new ImageError('Rekognition::DetectModerationLabelsError', 'Content moderation failed.', { cause });
  }
}

/** Enough to recognise something on, and never too much to send; undefined for what is too narrow for anybody to look at. */
async function preview({ pipeline, width, height }: Draft, seconds: number): Promise<Uint8Array | undefined> {
  const size = toPreview({ width, height });
  if (!size) return undefined;
  const small = pipeline
    .clone()
    .resize({ ...size, fit: 'fill' })
    .flatten({ background: '#fff' });
  return running(() => small.timeout({ seconds }).jpeg().toBuffer());
}

function isAsAsked(source: Source, edits: ImageRequest['edits'], output: ImageRequest['output'], { format }: Encoding): boolean {
  const unchanged = Object.keys(edits).every((name) => name === 'animated' && edits.animated !== false);
  return unchanged && format === source.format && output.quality === undefined && output.effort === undefined && !output.options?.[format];
}

function asItIs({ bytes, width, height, frames }: Source, moves: boolean, { format, contentType }: Encoding): Picture {
  return { bytes, format, contentType, width, height, frames: moves ? frames : 1 };
}

function deadline({ now }: Ports, limits: Limits): () => number {
  const end = now().getTime() + limits.seconds * 1000;
  return () => {
    const left = Math.ceil((end - now().getTime()) / 1000);
    if (left <= 0) throw timedOut();
    return left;
  };
}

function frames({ animated, source }: Work): number {
  return animated ? source.frames : 1;
}
