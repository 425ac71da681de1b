/** What the controls of the page say. */
export interface Choice {
  readonly key: string;
  readonly width?: number;
  readonly height?: number;
  readonly fit: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  readonly format: 'auto' | 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';
  readonly quality: number;
  /** Degrees; 0 is none. */
  readonly rotate: number;
  readonly flip: boolean;
  readonly flop: boolean;
  readonly grayscale: boolean;
  /** Sigma; 0 is none. */
  readonly blur: number;
  /** Sigma, 1 and more; 0 is none. */
  readonly sharpen: number;
  /** `#rrggbb`. */
  readonly background?: string;
  readonly round: boolean;
  readonly smart: boolean;
  /** Parts of the width and of the height, from the top left. */
  readonly focal?: readonly [x: number, y: number] | undefined;
  /** Edits that only JSON has words for, as it has them. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
  readonly crop?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

export interface Addresses {
  /** JSON in Base64: says everything. */
  readonly json: string;
  readonly thumbor: string;
  /** A query on top of a path: says everything, the path what a query has no word for. */
  readonly query: string;
  /** What Thumbor's paths have no word for, and the second address therefore lacks. */
  readonly unsaid: readonly string[];
}

/**
 * The paths that ask for a picture as it was chosen, in the three forms that the service reads.
 *
 * The page gets this function as its source text: everything that it uses must stand in it.
 */
export function toAddresses(choice: Choice): Addresses {
  const { width, height, format, rotate, flip, flop, grayscale, blur, sharpen, background, round, smart, crop, focal, more = {} } = choice;
  const sized = width !== undefined || height !== undefined;
  // With one side the other follows, however it is fitted.
  const fit = width !== undefined && height !== undefined ? choice.fit : 'inside';
  const bars = background ?? '#ffffff';
  const lossy = format === 'png' || format === 'gif' ? [] : format === 'auto' ? (['avif', 'webp', 'jpeg'] as const) : [format];
  const path = `/${choice.key.split('/').map(encodeURIComponent).join('/')}`;

  const isFocused = focal !== undefined && fit === 'cover';
  const resize = sized && { width, height, fit, ...(fit === 'contain' && { background: bars }), ...(isFocused && { focal }) };
  const edits = {
    ...(crop && { crop }),
    ...(resize && { resize }),
    ...(rotate !== 0 && { rotate }),
    ...(flip && { flip }),
    ...(flop && { flop }),
    ...(grayscale && { grayscale }),
    ...(blur > 0 && { blur }),
    ...(sharpen > 0 && { sharpen }),
    ...(background && !round && { flatten: { background } }),
    ...more,
    ...(smart && { smartCrop: true }),
    ...(round && { roundCrop: true }),
    // After the circle: it is what its corners become.
    ...(background && round && { flatten: { background } }),
    // `force: false`: for the case that it becomes this format, without asking for it.
    ...Object.fromEntries(lossy.map((name) => [name, { quality: choice.quality, ...(format === 'auto' && { force: false }) }])),
  };
  const toJson = (asked: object) => {
    const bytes = new TextEncoder().encode(JSON.stringify({ key: choice.key, edits: asked }));
    return `/${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
  };

  const toThumbor = (area: boolean, filters: readonly (string | false | undefined)[]) => {
    const said = filters.filter((filter) => typeof filter === 'string');
    return [
      crop && `/${crop.left}x${crop.top}:${crop.left + crop.width}x${crop.top + crop.height}`,
      area && sized && `${fit === 'inside' ? '/fit-in' : ''}/${width ?? 0}x${height ?? 0}`,
      area && sized && fit === 'fill' && '/filters:stretch()',
      area && sized && fit === 'contain' && `/filters:fill(${bars.slice(1)})`,
      said.length > 0 && `/filters:${said.join(':')}`,
      path,
    ]
      .filter((part) => typeof part === 'string')
      .join('');
  };
  const looks = [
    blur > 0 && `blur(${blur * 2})`,
    sharpen > 0 && `sharpen(0,${(sharpen - 1) * 2})`,
    background && `background_color(${background.slice(1)})`,
    isFocused && `focal(${focal.join(',')})`,
    lossy.length > 0 && `quality(${choice.quality})`,
  ];

  // A query is read last. Where the order matters (what is cut out by what it shows, or round) it can only say the format.
  const isMore = Object.keys(more).length > 0;
  const last = smart || round || isMore;
  const sizeOnTop = sized && fit !== 'contain';
  const query = new URLSearchParams({
    format,
    ...(!last &&
      sizeOnTop && { fit, width: String(width ?? 0), height: String(height ?? 0), ...(isFocused && { focal: focal.join(',') }) }),
    ...(!last && rotate !== 0 && { rotate: String(rotate) }),
    ...(!last && flip && { flip: 'true' }),
    ...(!last && flop && { flop: 'true' }),
    ...(!last && grayscale && { grayscale: 'true' }),
  });

  return {
    json: toJson({ ...edits, toFormat: format }),
    thumbor: toThumbor(true, [
      ...looks,
      grayscale && 'grayscale()',
      rotate !== 0 && `rotate(${rotate})`,
      smart && 'smart_crop()',
      `format(${format})`,
    ]),
    query: `${last ? toJson(edits) : toThumbor(!sizeOnTop, looks)}?${query}`,
    unsaid: [
      isMore && 'what stands under “More edits”',
      flip && 'flip',
      flop && 'flop',
      round && 'round crop',
      sized && fit === 'outside' && 'the fit “outside”',
    ].filter((name) => typeof name === 'string'),
  };
}
