/** A picture of the service. */
export interface Picture {
  readonly key: string;
  /** Absent: the first of the buckets that the service may read. */
  readonly bucket?: string | undefined;
}

export type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** The sides of the result, in pixels. When one of them is absent it follows from the other; what becomes of the shape is a question only when both are given. */
type Frame<Shape> =
  | ({ readonly width: number; readonly height: number } & Shape)
  | ({ readonly width?: number | undefined; readonly height?: undefined } & None<Shape>)
  | ({ readonly width?: undefined; readonly height?: number | undefined } & None<Shape>);

type None<Shape> = { readonly [Name in keyof Shape]?: undefined };

interface Fitted<Fit> {
  /** Absent: `cover`. */
  readonly fit?: Fit | undefined;
}

interface Placed extends Fitted<'cover' | 'contain' | 'fill' | 'inside' | 'outside'> {
  /** What stays when `cover` cuts, and where `contain` puts the picture. Absent: the middle. */
  readonly position?: Position | undefined;
  /** What stays in sight when `cover` cuts: parts of the width and of the height, from the top left. */
  readonly focal?: readonly [x: number, y: number] | undefined;
  /** What `contain` leaves free: a name, or `#0a0`. Absent: black. */
  readonly background?: string | undefined;
}

/** A side, a corner, or what libvips finds by itself: the most detail, or what catches the eye. */
export type Position =
  ('top' | 'right' | 'bottom' | 'left') | ('right top' | 'right bottom' | 'left bottom' | 'left top') | ('entropy' | 'attention');

interface Plain {
  readonly grayscale?: boolean | undefined;
  /** `auto`: the best that the browser takes. Absent: the picture's own, or what the service is set to. */
  readonly format?: Format | 'auto' | undefined;
}

interface Soft extends Plain {
  /** Sigma of a Gaussian, 0.3 to 50. */
  readonly blur?: number | undefined;
  /** 1 to 100. Where the format is left open, JSON says it for JPEG, WebP and AVIF, and leaves a PNG as it is; Thumbor says it for any. */
  readonly quality?: number | undefined;
}

interface Cut {
  /** Cuts to a face before all else, where the service finds faces; elsewhere, and where both sides are given, to what catches the eye. */
  readonly smartCrop?: true | { readonly faceIndex?: number | undefined; readonly padding?: number | undefined } | undefined;
  /** Degrees, clockwise. Pictures stand upright without it, however the camera was held. */
  readonly rotate?: 90 | 180 | 270 | undefined;
  /** Leaves the largest circle, or an ellipse: its radii, and the place of its middle. What is around it can only be seen through in PNG, WebP and AVIF. */
  readonly roundCrop?: true | { readonly [measure in 'rx' | 'ry' | 'top' | 'left']?: number | undefined } | undefined;
}

/** The edits that a page mostly needs. In which order they are given does not matter. */
export type Edits = Frame<Placed> & Soft & Cut;

/** The edits that a path of Thumbor's can say so that the result is the same. */
export type ThumborEdits = Frame<Fitted<'cover' | 'fill' | 'inside'>> &
  Soft &
  None<Cut & Pick<Placed, 'position' | 'focal' | 'background'>>;

/** The edits that a query can say so that the result is the same. */
export type QueryEdits = Frame<Fitted<NonNullable<Placed['fit']>> & Pick<Placed, 'focal'>> &
  Plain & {
    /** A preset of the service by its name; what else is said comes before what it says. */
    readonly policyId?: string | undefined;
    readonly quality?: number | undefined;
  } & None<Cut & Omit<Soft, keyof Plain | 'quality'> & Pick<Placed, 'position' | 'background'>>;
