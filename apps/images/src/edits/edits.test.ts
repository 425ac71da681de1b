import { parseEdits } from './edits.ts';
import { toParts } from './canonical-order.ts';
import type { Edit } from './edits.ts';

const parse = (edits: object) => parseEdits(edits).edits;
const refused = (edits: object, code = 'ImageEdits::CannotParseEdits') =>
  expect(() => parse(edits)).toThrow(expect.objectContaining({ name: 'ImageError', code, status: 400 }));

const overlay = { bucket: 'b', key: 'k' };

describe('edits', () => {
  /** Each that AWS's solution takes, with a value that sharp takes. */
  it.each<object>([
    ...[
      { removeAlpha: true },
      { ensureAlpha: 0.5 },
      { ensureAlpha: true },
      { extractChannel: 'green' },
      { extractChannel: 2 },
      { bandbool: 'and' },
    ],
    ...[
      { tint: { r: 1, g: 2, b: 3 } },
      { tint: 'rgb(1, 2, 3)' },
      { greyscale: true },
      { pipelineColourspace: 'rgb16' },
      { toColourspace: 'b-w' },
    ],
    ...[
      { rotate: 33.5 },
      { rotate: null },
      { flip: true },
      { flop: true },
      { affine: [1, 0.3, 0.1, 0.7] },
      { sharpen: true },
      { sharpen: { sigma: 2, m1: 0 } },
    ],
    ...[
      { median: 3 },
      { blur: 50 },
      { blur: { sigma: 3 } },
      { flatten: { background: '#f00' } },
      { unflatten: true },
      { gamma: 2.2 },
      { negate: { alpha: false } },
    ],
    ...[
      { normalise: { lower: 5, upper: 95 } },
      { clahe: { width: 3, height: 3 } },
      { convolve: { width: 3, height: 3, kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1] } },
    ],
    ...[{ threshold: 200 }, { linear: 1.5 }, { recomb: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] }, { modulate: { brightness: 2, hue: -90 } }], // prettier-ignore
    ...[
      { resize: { width: 3, height: null, fit: 'fill', position: 'attention', background: 'red' } },
      { extend: 5 },
      { extend: { top: 3, extendWith: 'mirror' } },
    ],
    ...[
      { extract: { left: 0, top: 0, width: 1, height: 1 } },
      { trim: { threshold: 0, margin: 4 } },
      { trim: true },
      { crop: { left: 0, top: 0, width: 1, height: 1 } },
    ],
    ...[{ smartCrop: { faceIndex: 2, padding: -3 } }, { roundCrop: { rx: 3, ry: 4, top: 1, left: 2 } }],
    ...[{ contentModeration: { minConfidence: 90, blur: 20, moderationLabels: ['Violence'] } }, { animated: false }],
  ])('are taken: %j', (edits) => {
    expect(parse(edits)).toEqual(edits);
  });

  it('have second spellings', () => {
    expect(parse({ grayscale: true, normalize: true, pipelineColorspace: 'lab', toColorspace: 'srgb' })).toEqual({
      greyscale: true,
      normalise: true,
      pipelineColourspace: 'lab',
      toColourspace: 'srgb',
    });
  });

  it('are the same in whichever way nothing more is said', () => {
    for (const nothing of [true, {}, { faceIndex: 0, padding: null }]) expect(parse({ smartCrop: nothing })).toEqual({ smartCrop: {} });
    for (const nothing of [true, {}, { rx: null, ry: 0 }]) expect(parse({ roundCrop: nothing })).toEqual({ roundCrop: {} });
  });

  it('keep their order, and leave out what is off', () => {
    expect(Object.keys(parse({ tint: 'red', flip: false, resize: { width: 3 }, blur: 3, animated: false }))).toEqual([
      'tint',
      'resize',
      'blur',
      'animated',
    ]);
  });

  it('read an overlay as AWS’s solution does', () => {
    const given = { ...overlay, wRatio: '30', hRatio: '101', alpha: 'x', options: { left: '-07p', top: '-3', gravity: 'north' } };
    expect(parse({ overlayWith: given })).toEqual({
      overlayWith: [{ place: overlay, wRatio: 30, options: { left: '-7p', top: -3, gravity: 'north' } }],
    });
  });

  it('can say options of a format without asking for it', () => {
    expect(parseEdits({ png: true, heif: { quality: 5 }, webp: { lossless: true, force: false } }).asked).toEqual({
      lastFormat: 'avif',
      options: { png: {}, avif: { quality: 5 }, webp: { lossless: true } },
    });
  });

  it('spend no effort that could not be paid', () => {
    expect(parseEdits({ avif: { effort: 9 }, png: { effort: 10 } }).asked.options).toEqual({ avif: { effort: 4 }, png: { effort: 7 } });
  });

  /** The ways into sharp that read files, make pictures from nothing, or cost without limit. */
  it.each<object>([
    ...[
      { joinChannel: '/etc/passwd' },
      { boolean: '/etc/passwd' },
      { boolean: { create: { width: 9, height: 9, channels: 3, background: 'red' } } },
    ],
    ...[
      { composite: [{ input: '/etc/passwd' }] },
      { toFile: '/tmp/a' },
      { withMetadata: true },
      { raw: true },
      { tile: {} },
      { timeout: { seconds: 0 } },
      { jxl: {} },
    ],
    ...[
      { tint: '/etc/passwd' },
      { tint: { r: 1, g: 2, b: 3, x: 1 } },
      { flatten: { background: { text: { text: 'a' } } } },
      { linear: [1, 2] },
    ],
    ...[
      { blur: 50.1 },
      { blur: 0 },
      { median: 100 },
      { convolve: { width: 99, height: 99, kernel: [] } },
      { convolve: { width: 3, height: 3, kernel: [1] } },
    ],
    ...[
      { clahe: { width: 9999, height: 9999 } },
      { gamma: 4 },
      { affine: [1, 2, 2, 4] },
      { affine: [1, 2, 3] },
      { affine: [1e9, 0, 0, 1] },
      { rotate: '90' },
    ],
    ...[
      { extend: { top: -1 } },
      { extend: 1e9 },
      { trim: { lineArt: 'yes' } },
      { normalise: { lower: 60, upper: 50 } },
      { threshold: 1.5 },
      { extract: {} },
    ],
    ...[
      { smartCrop: { faceIndex: -1 } },
      { contentModeration: { blur: 51 } },
      { roundCrop: { rx: -1 } },
      { animated: 'yes' },
      { greyscale: 'yes' },
    ],
    ...[
      { jpeg: { quality: 101 } },
      { png: { compressionLevel: 10 } },
      { heif: { compression: 'hevc' } },
      { tiff: { pyramid: true } },
      { webp: { file: 'a' } },
    ],
  ])('are refused: %j', (edits) => {
    refused(edits);
  });

  it.each<[object, string]>([
    [{ resize: { width: 0 } }, 'InvalidResizeException'],
    [{ resize: { width: 'x' } }, 'InvalidResizeException'],
    [{ resize: { width: 1e9 } }, 'InvalidResizeException'],
    [{ resize: { fit: 'tight' } }, 'InvalidResizeException'],
    [{ crop: { left: 0, top: 0, width: 0, height: 9 } }, 'Crop::AreaOutOfBounds'],
    [{ overlayWith: { ...overlay, options: { left: 3 } } }, 'OverlayImageException'],
    [{ overlayWith: { ...overlay, input: '/etc/passwd' } }, 'OverlayImageException'],
    [{ overlayWith: { ...overlay, options: { left: 0, top: 0, raw: {} } } }, 'OverlayImageException'],
    [{ overlayWith: Array(5).fill(overlay) }, 'OverlayImageException'],
    [{ toFormat: 'raw' }, 'UnsupportedOutputImageFormatException'],
    [{ toFormat: 'constructor' }, 'UnsupportedOutputImageFormatException'],
    [{ toFormat: { id: 'webp' } }, 'UnsupportedOutputImageFormatException'],
  ])('are refused with a code of their own: %j', (edits, code) => {
    refused(edits, code);
  });

  it('are refused with a sentence that says where, and not what was sent', () => {
    expect(() => parse({ resize: { width: 0 } })).toThrow('Among the edits, /resize/width must be at least 1.');
    expect(() => parse({ 'secret-edit': 1 })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });
});

it('edits part where the picture is looked at or gets a new shape', () => {
  const edits: Edit[] = [
    ['tint', 'red'],
    ['roundCrop', {}],
    ['flip', true],
    ['resize', { width: 3 }],
  ];
  expect(toParts(edits)).toEqual([[['tint', 'red'], ['roundCrop', {}]], [['resize', { width: 3 }], ['flip', true]]]); // prettier-ignore
});
