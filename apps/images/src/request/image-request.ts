import type { Hint } from '../configuration/apply-policy.ts';
import type { Edits } from '../edits/edits.ts';
import type { Format, FormatOptions } from '../edits/formats.ts';
import type { Place } from './place.ts';

/** What is asked for, whatever form it was asked in. */
export interface ImageRequest {
  readonly place: Place;
  /** In canonical order. */
  readonly edits: Edits;
  readonly output: Output;
  /** Headers that the answer is to have besides its own; none that would make it something else than a picture. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that the answer depends on besides `Accept`. */
  readonly hints?: readonly Hint[] | undefined;
  /** How long the address is good for. */
  readonly expiresInSeconds?: number | undefined;
}

/** Which format is asked for. Which it becomes depends on the picture too: see `transform/output-format.ts`. */
export interface Output {
  /** No picture, but what a page shows until it has come: nothing else of this matters then. */
  readonly placeholder?: boolean | undefined;
  /** Absent: the picture's own. */
  readonly format?: Format | 'auto' | undefined;
  /** For `auto`, what the client takes, best first; and what it gets when it takes none of these. */
  readonly accepts?: readonly Format[] | undefined;
  readonly otherwise?: Format | undefined;
  /** For whatever format it becomes. */
  readonly quality?: number | undefined;
  /** Of WebP. */
  readonly effort?: number | undefined;
  /** For the case that it becomes that format. */
  readonly options?: FormatOptions | undefined;
}

/** A request as a form says it, before anything in it was checked. */
export interface RawRequest {
  readonly bucket?: string | undefined;
  readonly key: string;
  /** In place of bucket and key: where a mapping leads to. */
  readonly place?: Place | undefined;
  /** Named by the mapping; one in the query comes before it. */
  readonly policy?: string | undefined;
  readonly edits: Readonly<Record<string, unknown>>;
  readonly outputFormat?: unknown;
  readonly effort?: number | undefined;
  readonly quality?: number | undefined;
  readonly headers?: unknown;
}
