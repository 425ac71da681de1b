import fc from 'fast-check';
import { ImageError } from './image-error.ts';
import { readRequest } from './request/read-request.ts';
import { defineConfiguration } from './configuration/define-configuration.ts';
import { sharp } from './transform/libvips.ts';
import { defaultLimits } from './transform/limits.ts';
import { animation, halves, plain, svg, upright } from './transform/pictures.fixture.ts';
import { transform } from './transform/transform.ts';

// All of it: FUZZ_REQUESTS=100000 FUZZ_FILES=2000, which takes minutes.
const counts = { requests: Number(process.env.FUZZ_REQUESTS ?? 20_000), files: Number(process.env.FUZZ_FILES ?? 280) };
const seed = Number(process.env.FUZZ_SEED ?? 20_260);

const configuration = defineConfiguration({
  rewrite: { pattern: '/^\\/old\\/(.*)$/', substitution: '/300x200/$1' },
  origins: { shop: { url: 'https://shop.example.com/pictures' } },
  mappings: [{ path: '/shop/*', origin: 'shop', policy: 'card' }],
  policies: {
    card: {
      transformations: [{ transformation: 'blur', value: 2, condition: { field: 'dpr', value: [1, 2] } }],
      outputs: [
        { type: 'quality', value: [80, [2, 9, 60]] },
        { type: 'autosize', value: [320, 640] },
      ],
    },
  },
});
const read = readRequest({ buckets: ['pictures', 'logos'], configuration, autoFormats: ['avif', 'webp'], now: () => new Date(0) });
const readSigned = readRequest({ buckets: ['pictures'], secrets: ['a', 'b'], now: () => new Date(0) });

const number = fc.oneof(fc.integer({ min: -5, max: 400 }), fc.double({ noNaN: true }), fc.constantFrom(0, 1e9, -1, 0.5, 50, 65_536));
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('10p', '-5p', 'red', '#f00', 'cover', '/etc/passwd', '__proto__', 'attention', 'cmyk', 'b-w', 'auto'),
);
const options = fc.dictionary(
  fc.constantFrom(
    'width',
    'height',
    'left',
    'top',
    'fit',
    'sigma',
    'background',
    'quality',
    'effort',
    'r',
    'g',
    'b',
    'padding',
    'rx',
    'ry',
    'kernel',
    'bucket',
    'key',
    'options',
    'ratio',
    'position',
    'margin',
    '__proto__',
    'create',
    'raw',
    'input',
  ),
  fc.oneof(number, text, fc.boolean(), fc.constant(null)),
  { maxKeys: 5 },
);
const names = fc.constantFrom(
  ...[
    'resize',
    'extract',
    'crop',
    'rotate',
    'extend',
    'trim',
    'affine',
    'removeAlpha',
    'ensureAlpha',
    'extractChannel',
    'joinChannel',
    'bandbool',
    'tint',
    'grayscale',
  ],
  ...[
    'pipelineColorspace',
    'toColourspace',
    'flip',
    'flop',
    'sharpen',
    'median',
    'blur',
    'flatten',
    'unflatten',
    'gamma',
    'negate',
    'normalize',
    'clahe',
    'convolve',
  ],
  ...[
    'threshold',
    'boolean',
    'linear',
    'recomb',
    'modulate',
    'overlayWith',
    'smartCrop',
    'roundCrop',
    'contentModeration',
    'animated',
    'toFormat',
    'jpeg',
    'png',
    'webp',
  ],
  ...['gif', 'avif', 'tiff', 'heif', 'constructor', 'composite', '__proto__'],
);
const value = fc.oneof(number, text, fc.boolean(), fc.constant(null), options, fc.array(number, { maxLength: 9 }));

/** Values that can be meant, with some of their bounds crossed. */
const whole = (min: number, max: number) => fc.integer({ min, max });
const area = fc.record({ left: whole(0, 130), top: whole(0, 90), width: whole(1, 130), height: whole(1, 90) });
const colour = fc.constantFrom('red', '#0f08', 'rgb(1, 2, 3)', 'nocolour');
const factor = fc.integer({ min: -30, max: 30 }).map((tenths) => tenths / 10);
const meant: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  resize: fc.record(
    {
      width: fc.option(whole(1, 300)),
      height: fc.option(whole(1, 300)),
      fit: fc.constantFrom('cover', 'contain', 'fill', 'inside', 'outside'),
      position: fc.constantFrom('attention', 'entropy', 'top', 'northwest', 16),
      ratio: fc.constantFrom(0.001, 0.5, 3),
      kernel: fc.constantFrom('nearest', 'cubic', 'lanczos3', 'mks2021'),
      withoutEnlargement: fc.boolean(),
      background: colour,
    },
    { requiredKeys: [] },
  ),
  extract: area,
  crop: area,
  rotate: fc.oneof(fc.constantFrom(0, 90, 180, -270, null), whole(-400, 400)),
  extend: fc.oneof(
    whole(1, 50),
    fc.record({ top: whole(0, 50), left: whole(0, 50), extendWith: fc.constantFrom('copy', 'repeat', 'mirror', 'background') }),
  ),
  trim: fc.oneof(fc.boolean(), fc.record({ threshold: whole(0, 255), lineArt: fc.boolean(), margin: whole(0, 9) }, { requiredKeys: [] })),
  affine: fc.array(factor, { minLength: 4, maxLength: 4 }),
  removeAlpha: fc.boolean(),
  ensureAlpha: fc.oneof(fc.boolean(), fc.constant(0.5)),
  extractChannel: fc.constantFrom(0, 1, 2, 3, 'red', 'alpha'),
  bandbool: fc.constantFrom('and', 'or', 'eor'),
  tint: colour,
  greyscale: fc.boolean(),
  pipelineColourspace: fc.constantFrom('srgb', 'rgb16', 'scrgb', 'lab'),
  toColourspace: fc.constantFrom('srgb', 'rgb16', 'b-w', 'grey16', 'cmyk'),
  flip: fc.boolean(),
  flop: fc.boolean(),
  sharpen: fc.oneof(fc.boolean(), fc.record({ sigma: fc.constantFrom(0.01, 2, 10), m1: whole(0, 99), y3: whole(0, 1_000_000) })),
  median: whole(1, 15),
  blur: fc.constantFrom(true, 0.3, 5, 50),
  flatten: fc.oneof(fc.boolean(), fc.record({ background: colour })),
  unflatten: fc.boolean(),
  gamma: fc.constantFrom(true, 1, 2.2, 3),
  negate: fc.oneof(fc.boolean(), fc.record({ alpha: fc.boolean() })),
  normalise: fc.oneof(fc.boolean(), fc.record({ lower: whole(0, 99), upper: whole(1, 100) })),
  clahe: fc.record({ width: whole(1, 256), height: whole(1, 256), maxSlope: whole(0, 100) }),
  convolve: fc.array(whole(-9, 9), { minLength: 9, maxLength: 9 }).map((kernel) => ({ width: 3, height: 3, kernel })),
  threshold: fc.oneof(fc.boolean(), whole(0, 255)),
  linear: factor,
  recomb: fc.array(fc.array(factor, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
  modulate: fc.record(
    { brightness: fc.constantFrom(0, 0.5, 1000), hue: whole(-400, 400), lightness: whole(-99, 99) },
    { requiredKeys: [] },
  ),
  overlayWith: fc.record(
    {
      bucket: fc.constant('logos'),
      key: fc.constant('a.png'),
      wRatio: whole(0, 100),
      hRatio: whole(0, 100),
      alpha: whole(0, 100),
      options: fc.record({
        left: fc.constantFrom('-10p', 5, '90p'),
        top: fc.constantFrom('-10p', 5, 500),
        blend: fc.constantFrom('over', 'xor', 'dest-in'),
        tile: fc.boolean(),
      }),
    },
    { requiredKeys: ['bucket', 'key'] },
  ),
  smartCrop: fc.oneof(fc.boolean(), fc.record({ faceIndex: whole(0, 1), padding: whole(-20, 99) }, { requiredKeys: [] })),
  roundCrop: fc.oneof(
    fc.boolean(),
    fc.record({ rx: whole(0, 99), ry: whole(0, 99), top: whole(0, 99), left: whole(0, 199) }, { requiredKeys: [] }),
  ),
  contentModeration: fc.oneof(fc.boolean(), fc.record({ minConfidence: whole(0, 100), blur: whole(0, 50) }, { requiredKeys: [] })),
  animated: fc.boolean(),
  toFormat: fc.constantFrom('jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'),
  jpeg: fc.record({
    quality: whole(1, 100),
    mozjpeg: fc.boolean(),
    chromaSubsampling: fc.constantFrom('4:4:4', '4:2:0'),
    quantisationTable: whole(0, 8),
  }),
  png: fc.record({ palette: fc.boolean(), colours: whole(2, 256), progressive: fc.boolean(), effort: whole(1, 10) }, { requiredKeys: [] }),
  webp: fc.record(
    { lossless: fc.boolean(), nearLossless: fc.boolean(), effort: whole(0, 6), preset: fc.constantFrom('photo', 'icon') },
    { requiredKeys: [] },
  ),
  gif: fc.record({ colours: whole(2, 256), interFrameMaxError: whole(0, 32), reuse: fc.boolean() }, { requiredKeys: [] }),
  avif: fc.record({ lossless: fc.boolean(), effort: whole(0, 9) }, { requiredKeys: [] }),
  tiff: fc.record({
    compression: fc.constantFrom('none', 'jpeg', 'deflate', 'packbits', 'lzw'),
    predictor: fc.constantFrom('none', 'horizontal', 'float'),
  }),
};
const meantEdits = fc.uniqueArray(fc.oneof(...Object.entries(meant).map(([name, of]) => of.map((made) => [name, made] as const))), { selector: ([name]) => name, minLength: 1, maxLength: 5 }).map((list) => Object.fromEntries(list)); // prettier-ignore
const edits = fc.oneof(meantEdits, meantEdits, fc.dictionary(names, value, { maxKeys: 5 }));
const json = fc.record(
  {
    key: text,
    bucket: fc.oneof(text, fc.constant('logos')),
    edits: fc.oneof(edits, edits, edits, value),
    outputFormat: text,
    effort: value,
    headers: fc.oneof(options, value),
  },
  { requiredKeys: [] },
);
const filter = fc.tuple(
  fc.constantFrom('autojpg', 'background_color', 'blur', 'convolution', 'equalize', 'fill', 'format', 'grayscale', 'no_upscale', 'proportion', 'quality', 'rgb', 'rotate', 'sharpen', 'stretch', 'strip_exif', 'upscale', 'watermark', 'animated', 'smart_crop', 'toString'),
  fc.oneof(text, number.map(String), fc.array(number, { maxLength: 7 }).map(String), fc.constant('logos,a.png,5,-5p,10,20,30')),
).map(([name, argument]) => `${name}(${argument})`); // prettier-ignore
const segment = fc.oneof(
  fc.constantFrom('fit-in', '300x0', '0x0', '10x10:50x50', '50x50:10x10', 's3:logos', 's3:evil', '..', 'unsafe', 'old', 'shop'),
  fc.array(filter, { minLength: 1, maxLength: 4 }).map((list) => `filters:${list.join(':')}`),
  fc.string({ maxLength: 8 }),
  fc.webPath(),
);
const thumbor = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.constantFrom('a.jpg', 'a.svg', 'a', 'a.bmp', '%ff.jpg', ''))
  .map(([parts, key]) => `/${[...parts, key].join('/')}`);
const base64 = json.map((request) => `/${Buffer.from(JSON.stringify(request)).toString('base64')}`);
/** A valid path with some of its characters changed. */
const mutated = fc
  .tuple(fc.oneof(base64, thumbor), fc.array(fc.tuple(fc.nat(), fc.string({ minLength: 1, maxLength: 2 })), { maxLength: 3 }))
  .map(([path, changes]) =>
    changes.reduce(
      (result, [at, put]) => `${result.slice(0, 1 + (at % result.length))}${put}${result.slice(2 + (at % result.length))}`,
      path,
    ),
  );
const query = fc.dictionary(
  fc.constantFrom(
    ...['format', 'fit', 'width', 'height', 'rotate', 'flip', 'flop', 'grayscale', 'expires', 'signature', 'x', 'policyId', 'focal'],
    ...[
      'resize',
      'resize.width',
      'resize.__proto__',
      'quality',
      'blur',
      'extract',
      'tint',
      'watermark',
      'smartCrop',
      'smartCrop.index',
      'convolve.kernel',
      '__proto__',
    ],
  ),
  fc.oneof(
    text,
    number.map(String),
    fc.array(number, { maxLength: 5 }).map((list) => `[${list.join(',')}]`),
    fc.constantFrom('card', '[[[[,]', '["shop.example.com/pictures/a",[1,2,0.5,0.2]]'),
  ),
  { maxKeys: 4 },
);
const incoming = fc.record({
  path: fc.oneof(mutated, base64, thumbor, fc.string()),
  query: query.map((entries) => new Map(Object.entries(entries))),
  accept: fc.constantFrom(undefined, 'image/avif,image/webp', '*/*', ';;q=,'),
  host: fc.constantFrom(undefined, 'images.example.com'),
  dpr: fc.constantFrom(undefined, 1, 2.6),
  viewportWidth: fc.constantFrom(undefined, 400),
});

/** Whether it ended as it may end: in a result, or in a refusal that says that the caller is to blame. */
async function outcome(work: () => unknown): Promise<'made' | 'refused'> {
  try {
    await work();
    return 'made';
  } catch (error) {
    if (!(error instanceof ImageError) || error.status < 400 || error.status >= 500) throw error;
    return 'refused';
  }
}

const formats = {
  jpeg: upright,
  png: await halves.clone().png().toBuffer(),
  interlaced: await halves.clone().png({ progressive: true, palette: true }).toBuffer(),
  webp: await halves.clone().webp().toBuffer(),
  lossless: await halves.clone().webp({ lossless: true }).toBuffer(),
  moving: await sharp(animation, { animated: true }).webp().toBuffer(),
  gif: animation,
  avif: await halves.clone().avif().toBuffer(),
  tiff: await halves.clone().tiff({ compression: 'lzw' }).toBuffer(),
  pages: await halves.clone().tiff({ compression: 'jpeg', tile: true }).toBuffer(),
  cmyk: await halves.clone().toColourspace('cmyk').jpeg().toBuffer(),
  deep: await halves.clone().toColourspace('rgb16').png().toBuffer(),
};
const logo = await plain(9, 5, 'lime').png().toBuffer();

const make = transform(
  {
    now: () => new Date(),
    overlay: async () => logo,
    findFaces: async () => [{ left: 0.3, top: 0.3, width: 0.4, height: 0.4 }],
    findLabels: async () => ['Violence'],
  },
  { ...defaultLimits, outputSide: 600, outputPixels: 250_000 },
);

/** Changes bytes, leaves a part out, doubles one, or cuts the end off. */
const damage = fc.array(
  fc.tuple(
    fc.constantFrom('change', 'change', 'drop', 'double', 'cut'),
    fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000),
    fc.integer({ min: 0, max: 255 }),
  ),
  { minLength: 1, maxLength: 6 },
);
function damaged(bytes: Uint8Array, damages: readonly (readonly [string, number, number])[]): Uint8Array {
  return damages.reduce<Buffer>((result, [kind, where, byte]) => {
    // Most of what a decoder decides on stands at the beginning.
    const at = Math.floor(where ** 2 * result.length);
    if (kind === 'cut') return result.subarray(0, Math.max(1, at));
    if (kind === 'drop') return Buffer.concat([result.subarray(0, at), result.subarray(at + byte)]);
    if (kind === 'double') return Buffer.concat([result.subarray(0, at), result.subarray(Math.max(0, at - byte))]);
    const changed = Buffer.from(result);
    if (at < changed.length) changed[at] = byte;
    return changed;
  }, Buffer.from(bytes));
}

const minutes = (count: number) => 60_000 + count * 500;

describe('whatever is sent', () => {
  it(
    'a request is read or refused',
    async () => {
      const seen = { made: 0, refused: 0 };
      const property = fc.asyncProperty(incoming, async (request) => {
        seen[await outcome(() => read(request))]++;
        await outcome(() => readSigned(request));
      });
      await fc.assert(property, { numRuns: counts.requests, seed });
      // Of both there must be many, or nothing was tried.
      expect(seen.made).toBeGreaterThan(counts.requests / 20);
      expect(seen.refused).toBeGreaterThan(counts.requests / 20);
    },
    minutes(counts.requests),
  );

  it(
    'edits that are taken can be made, or are the caller’s mistake',
    async () => {
      const taken = meantEdits.map((asked) => ({ key: 'a', edits: asked }));
      let made = 0;
      const property = fc.asyncProperty(taken, fc.constantFrom(...Object.values(formats)), async (request, bytes) => {
        const path = `/${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
        if ((await outcome(async () => make(bytes, read({ path, query: new Map() })))) === 'made') made++;
      });
      await fc.assert(property, { numRuns: counts.files, seed });
      expect(made).toBeGreaterThan(counts.files / 4);
    },
    minutes(counts.files),
  );

  it.each(Object.entries(formats))(
    'a damaged %s is made into something, or refused',
    async (_name, bytes) => {
      const asked = fc.constantFrom(
        { resize: { width: 40 }, toFormat: 'webp' },
        { greyscale: true, toFormat: 'png' },
        { smartCrop: true, roundCrop: true },
        { overlayWith: { bucket: 'logos', key: 'a' }, rotate: 90 },
      );
      const property = fc.asyncProperty(damage, asked, async (damages, edits) => {
        const path = `/${Buffer.from(JSON.stringify({ key: 'a', edits })).toString('base64url')}`;
        await outcome(async () => make(damaged(bytes, damages), read({ path, query: new Map() })));
      });
      await fc.assert(property, { numRuns: Math.ceil(counts.files / Object.keys(formats).length), seed });
    },
    minutes(counts.files),
  );

  it(
    'a damaged SVG is drawn, or refused',
    async () => {
      const drawing = svg(
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs><path fill="url(#g)" d="M0 0h50v20z"/><text>a</text>',
      );
      const property = fc.asyncProperty(damage, async (damages) => {
        await outcome(async () => make(damaged(drawing, damages), read({ path: '/a.svg', query: new Map() })));
      });
      await fc.assert(property, { numRuns: Math.ceil(counts.files / 40), seed });
    },
    minutes(counts.files),
  );
});
