import type { Edit, EditName, Edits } from '../edits/edits.ts';
import type { Sharp } from './libvips.ts';

type Special = 'overlayWith' | 'smartCrop' | 'roundCrop' | 'contentModeration' | 'animated';
type PipelineEditName = Exclude<EditName, Special>;
type Value<Name extends EditName> = Exclude<Edits[Name], undefined | null>;

/** An edit that is a function of sharp's. */
export type PipelineEdit = Extract<Edit, readonly [PipelineEditName, unknown]>;

/** Tells sharp of the edits, in this order. */
export function applyEdits(pipeline: Sharp, edits: readonly PipelineEdit[]): Sharp {
  for (const [name, value] of edits) (calls[name] as (pipeline: Sharp, value: unknown) => Sharp)(pipeline, value);
  return pipeline;
}

const calls: { readonly [Name in PipelineEditName]: (pipeline: Sharp, value: Value<Name>) => Sharp } = {
  resize: (pipeline, { width, height, focal: _, ...options }) =>
    pipeline.resize({ ...options, width: width ?? undefined, height: height ?? undefined }),
  extract: (pipeline, area) => pipeline.extract(area),
  crop: (pipeline, area) => pipeline.extract(area),
  rotate: (pipeline, degrees) => pipeline.rotate(degrees),
  extend: (pipeline, margins) => pipeline.extend(margins),
  trim: (pipeline, options) => pipeline.trim(said(options)),
  affine: (pipeline, matrix) => pipeline.affine([...matrix]),
  removeAlpha: (pipeline) => pipeline.removeAlpha(),
  ensureAlpha: (pipeline, alpha) => pipeline.ensureAlpha(said(alpha)),
  extractChannel: (pipeline, channel) => pipeline.extractChannel(channel),
  bandbool: (pipeline, operator) => pipeline.bandbool(operator),
  tint: (pipeline, colour) => pipeline.tint(colour),
  greyscale: (pipeline) => pipeline.greyscale(),
  pipelineColourspace: (pipeline, space) => pipeline.pipelineColourspace(space),
  toColourspace: (pipeline, space) => pipeline.toColourspace(space),
  flip: (pipeline) => pipeline.flip(),
  flop: (pipeline) => pipeline.flop(),
  sharpen: (pipeline, options) => pipeline.sharpen(said(options)),
  median: (pipeline, size) => pipeline.median(said(size)),
  blur: (pipeline, options) => pipeline.blur(said(options)),
  flatten: (pipeline, options) => pipeline.flatten(said(options)),
  unflatten: (pipeline) => pipeline.unflatten(),
  gamma: (pipeline, gamma) => pipeline.gamma(said(gamma)),
  negate: (pipeline, options) => pipeline.negate(said(options)),
  normalise: (pipeline, options) => pipeline.normalise(said(options)),
  clahe: (pipeline, options) => pipeline.clahe(options),
  // sharp writes into what it is given.
  convolve: (pipeline, kernel) => pipeline.convolve({ ...kernel }),
  threshold: (pipeline, threshold) => pipeline.threshold(said(threshold)),
  linear: (pipeline, factor) => pipeline.linear(factor),
  recomb: (pipeline, matrix) => pipeline.recomb(matrix as Parameters<Sharp['recomb']>[0]),
  modulate: (pipeline, options) => pipeline.modulate(options),
};

/** Those that sharp makes before it cuts out what was named after a `resize`. */
const moving: ReadonlySet<PipelineEditName> = new Set(['resize', 'extract', 'crop', 'rotate', 'extend', 'trim', 'affine', 'flip', 'flop']);

export const movesPixels = (name: PipelineEditName): boolean => moving.has(name);

/** What is only switched on has sharp's own defaults. */
function said<Given>(value: Given): Exclude<Given, boolean> | undefined {
  return typeof value === 'boolean' ? undefined : (value as Exclude<Given, boolean>);
}
