import { fieldProblems } from '@larder/contracts/contract-violation';
import type * as z from 'zod/mini';
import { ImageError, type ImageErrorCode } from '../image-error.ts';
import { type Format, type FormatOptions, formatOptions, toFormat } from './formats.ts';
import { pixelEdits } from './pixel-edits.ts';
import { shapeEdits } from './shape-edits.ts';
import { specialEdits } from './special-edits.ts';

const schemas = { ...shapeEdits, ...pixelEdits, ...specialEdits };

export type EditName = keyof typeof schemas;

/** What is to be done to a picture, in this order: the order of the keys means something. Edits that are off are not in it. */
export type Edits = { readonly [Name in EditName]?: z.output<(typeof schemas)[Name]> };

/** One of them, with its name. */
export type Edit = { [Name in EditName]: readonly [name: Name, value: Exclude<Edits[Name], undefined>] }[EditName];

/** What edits say of the format of the answer. */
export interface AskedFormat {
  /** From `toFormat`, which comes before everything else that names a format. */
  readonly toFormat?: Format | 'auto' | undefined;
  /** `toFormat: placeholder`: no picture, but what a page shows until it has come. */
  readonly placeholder?: boolean | undefined;
  /** The last format whose options stand among the edits; with sharp, options of a format ask for it. */
  readonly lastFormat?: Format | undefined;
  readonly options: FormatOptions;
}

/** Two spellings of one edit. */
const aliases: Readonly<Record<string, EditName>> = {
  grayscale: 'greyscale',
  normalize: 'normalise',
  pipelineColorspace: 'pipelineColourspace',
  toColorspace: 'toColourspace',
};

const codes: { readonly [Name in EditName]?: ImageErrorCode } = {
  resize: 'InvalidResizeException',
  crop: 'Crop::AreaOutOfBounds',
  overlayWith: 'OverlayImageException',
};

/**
 * Reads edits as they came, and takes nothing that is not known: names and shapes are listed here, so that no edit can name a file, an address, or a way
 * to make a picture from nothing.
 *
 * @throws {ImageError} with status 400 for the first edit that is unknown or has a wrong shape.
 */
export function parseEdits(given: unknown): { readonly edits: Edits; readonly asked: AskedFormat } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ImageError('ImageEdits::CannotParseEdits', 'The edits must be an object with an edit per key.');
  const edits = new Map<EditName, unknown>();
  const options: Record<string, unknown> = {};
  let asked: Omit<AskedFormat, 'options'> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (key === 'toFormat') {
      asked = value === 'placeholder' ? { ...asked, placeholder: true } : { ...asked, toFormat: toFormat(value) };
    } else if (isFormat(key)) {
      // `{"png": true}` asks for a format and has nothing to add.
      const format = key === 'heif' ? 'avif' : key;
      const { force, ...rest } = parse(key, formatOptions[key], value === true || value === null ? {} : value) as { force?: boolean };
      options[format] = withoutCompression(rest);
      if (force !== false) asked = { ...asked, lastFormat: format };
    } else {
      const name = Object.hasOwn(aliases, key) ? aliases[key] : key;
      if (!isEdit(name)) throw unknown(key);
      edits.set(name, parse(name, schemas[name], value));
    }
  }
  // An edit that is off is as good as absent. `animated` says something either way.
  for (const [name, value] of edits) if (value === false && name !== 'animated') edits.delete(name);
  return { edits: Object.fromEntries(edits), asked: { ...asked, options } };
}

/** The edits one by one. */
export function listEdits(edits: Edits): Edit[] {
  return Object.entries(edits) as unknown as Edit[];
}

function parse(name: EditName | keyof typeof formatOptions, schema: z.ZodMiniType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const code = (codes as Readonly<Record<string, ImageErrorCode>>)[name] ?? 'ImageEdits::CannotParseEdits';
  // What fits none of several shapes has no problem of its own to tell.
  const told = parsed.error.issues.find((issue) => issue.code !== 'invalid_union' && issue.code !== 'custom');
  const [problem] = told
    ? fieldProblems([told], `/${name}`)
    : [{ pointer: `/${name}`, message: 'has a shape or a value that is not allowed' }];
  throw new ImageError(code, `Among the edits, ${problem?.pointer} ${problem?.message}.`);
}

function unknown(key: string): ImageError {
  if (key === 'joinChannel' || key === 'boolean')
    return new ImageError('ImageEdits::CannotParseEdits', `The edit ${key} is not served: it would read another picture from anywhere.`);
  return new ImageError('ImageEdits::CannotParseEdits', 'There is an edit that is not known: see the table of edits in the documentation.');
}

function isEdit(name: string | undefined): name is EditName {
  return name !== undefined && Object.hasOwn(schemas, name);
}

function isFormat(name: string): name is keyof typeof formatOptions {
  return Object.hasOwn(formatOptions, name);
}

function withoutCompression({ compression, ...options }: { compression?: string }): object {
  return compression === undefined || compression === 'av1' ? options : { compression, ...options };
}
