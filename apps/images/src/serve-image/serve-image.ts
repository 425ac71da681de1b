import { sha256 } from '@larder/service/digest';
import { ImageError } from '../image-error.ts';
import { cacheKey } from '../request/canonical.ts';
import type { ImageRequest } from '../request/image-request.ts';
import type { Place } from '../request/place.ts';
import type { Incoming } from '../request/read-request.ts';
import type { Made } from '../transform/transform.ts';
import { type Answer, errorAnswer, fallbackAnswer, mappedErrorAnswer, notModified, type Part, pictureAnswer } from './answer.ts';

/** What is known of an object without its bytes. */
export interface Source {
  /** Of the object's content, as S3 writes it. */
  readonly etag: string;
  readonly bytes: number;
  readonly cacheControl?: string | undefined;
  readonly lastModified?: Date | undefined;
  /** The bytes themselves, where they came along. */
  readonly content?: Uint8Array | undefined;
}

export interface ServeImageDeps {
  /** @throws {ImageError} */
  readRequest(incoming: Incoming): Promise<ImageRequest>;
  /** @throws {ImageError} when there is none, or it may not be read. */
  findSource(place: Place): Promise<Source>;
  /** The bytes of an object as it was found. @throws {ImageError} */
  readSource(place: Place, source: Source): Promise<Uint8Array>;
  /** A result that was kept of a picture. */
  findResult(place: Place, name: string): Promise<Made | undefined>;
  /** Keeps a result for the next who asks. That somebody else was faster, or that it cannot be kept, is no error. */
  keepResult(place: Place, name: string, made: Made): Promise<void>;
  make(bytes: Uint8Array, request: ImageRequest): Promise<Made>;
  /** A picture in place of one that cannot be served. */
  readonly fallback: Place | undefined;
  /** Told of what is nobody's mistake but ours. */
  report(error: unknown): void;
  /** Whether the request is one of the second generation, which has errors of its own shape. */
  isMapped(question: ImageQuestion): boolean;
}

export interface ImageQuestion extends Incoming, Part {
  readonly method: string;
  readonly ifNoneMatch?: string | undefined;
  /** What an error of the second generation is looked up by. */
  readonly requestId?: string | undefined;
}

/**
 * Serves a picture as it is asked for. What was computed once is kept under a name that says what it was made of and how, so that it is never computed again and never out of date: a source
 * that changes has another name. Those who ask for the same at the same time wait for one computation.
 */
export const serveImage = (deps: ServeImageDeps) => {
  const underWay = new Map<string, Promise<Made>>();
  return async (question: ImageQuestion): Promise<Answer> => {
    try {
      return await serve(deps, underWay, question);
    } catch (error) {
      if (!(error instanceof ImageError)) deps.report(error);
      const shown = error instanceof ImageError ? error : new ImageError('InternalError', 'Something went wrong on our side. Try again.');
      return (
        (await inPlaceOf(shown, deps)) ?? (deps.isMapped(question) ? mappedErrorAnswer(shown, question.requestId) : errorAnswer(shown))
      );
    }
  };
};

async function serve(deps: ServeImageDeps, underWay: Map<string, Promise<Made>>, question: ImageQuestion): Promise<Answer> {
  if (question.method !== 'GET' && question.method !== 'HEAD')
    throw new ImageError('RequestTypeError', 'Pictures are read: ask with GET or HEAD.');
  const request = await deps.readRequest(question);
  const source = await deps.findSource(request.place);
  const name = await nameOf(request, source, deps);
  if (matches(question.ifNoneMatch, name)) return notModified(name, request, source);
  const making = underWay.get(name) ?? findOrMake(name, request, source, deps).finally(() => underWay.delete(name));
  underWay.set(name, making);
  return pictureAnswer(await making, name, request, source, question);
}

async function findOrMake(name: string, request: ImageRequest, source: Source, deps: ServeImageDeps): Promise<Made> {
  const kept = await deps.findResult(request.place, name);
  if (kept) return kept;
  const bytes = await deps.readSource(request.place, source);
  const made = await deps.make(bytes, request);
  // What is handed on as it is stands in its own place already.
  if (made.bytes !== bytes) await deps.keepResult(request.place, name, made);
  return made;
}

/** Everything that the result depends on: the request, what the client takes, the picture, and what is laid over it. */
async function nameOf(request: ImageRequest, source: Source, deps: ServeImageDeps): Promise<string> {
  const overlays = await Promise.all((request.edits.overlayWith ?? []).map(({ place }) => deps.findSource(place)));
  const etags = [source, ...overlays].map(({ etag }) => etag);
  return sha256(JSON.stringify([cacheKey(request), request.output.accepts ?? [], ...etags]));
}

function matches(ifNoneMatch: string | undefined, name: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.slice(0, 2048).split(',');
  return tags.some((tag) => tag.trim().replace(/^W\//, '') === `"${name}"`);
}

async function inPlaceOf(error: ImageError, { fallback, findSource, readSource, make }: ServeImageDeps): Promise<Answer | undefined> {
  if (!fallback) return undefined;
  try {
    const bytes = await readSource(fallback, await findSource(fallback));
    return fallbackAnswer(error, await make(bytes, { place: fallback, edits: {}, output: {}, headers: {} }));
  } catch {
    // Then the error speaks for itself.
    return undefined;
  }
}
