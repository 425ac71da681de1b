import * as z from 'zod/mini';
import { ImageError } from '../image-error.ts';
import type { RawRequest } from './image-request.ts';

const alphabet = /^[0-9A-Za-z+/_-]*={0,2}$/;

const shape = z.object({
  bucket: z.nullish(z.string()),
  key: z.string().check(z.minLength(1)),
  edits: z.nullish(z.record(z.string(), z.unknown())),
  outputFormat: z.nullish(z.string()),
  effort: z.nullish(z.unknown()),
  headers: z.nullish(z.record(z.string(), z.unknown())),
});

/**
 * Reads a path that is JSON in Base64, of either alphabet and with its padding or without; undefined when it is something else.
 *
 * @throws {ImageError} `DecodeRequest::CannotDecodeRequest` for what begins as such a request and is none.
 */
export function readJsonRequest(path: string): RawRequest | undefined {
  const encoded = unescaped(path.slice(1));
  if (encoded === '' || !alphabet.test(encoded)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  // The names of pictures may well be Base64 of something; of an object they are not.
  if (!/^\s*\{\s*("|\})/.test(text)) return undefined;
  const json = parseJson(text);
  const parsed = shape.safeParse(json);
  if (!parsed.success)
    throw undecodable('It must be an object with a key, and perhaps a bucket, edits, an outputFormat, an effort and headers.');
  const { bucket, key, outputFormat, effort, headers } = parsed.data;
  // As they came: zod leaves `__proto__` out, and what is not known must be refused, not overlooked.
  const { edits } = json as { edits?: Record<string, unknown> | null };
  return {
    bucket: bucket ?? undefined,
    key,
    edits: edits ?? {},
    outputFormat: outputFormat ?? undefined,
    effort: toEffort(effort),
    headers: headers ?? undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw undecodable('Check that it is JSON, encoded in Base64.', cause);
  }
}

/** As AWS's solution reads it: a whole number of 0 to 6, or else 4. */
function toEffort(effort: unknown): number | undefined {
  if (effort === undefined || effort === null) return undefined;
  const whole = Math.trunc(Number(effort));
  return whole >= 0 && whole <= 6 ? Math.abs(whole) : 4;
}

/** A client may have escaped `=`, `+` and `/`. */
function unescaped(text: string): string {
  return text.replaceAll(/%(3D|2B|2F)/gi, (escape) => decodeURIComponent(escape));
}

function undecodable(advice: string, cause?: unknown): ImageError {
  return new ImageError('DecodeRequest::CannotDecodeRequest', `The request in the path could not be decoded. ${advice}`, { cause });
}
