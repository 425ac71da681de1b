import { toPreview } from './smart-crop.ts';
import { ImageError } from '../image-error.ts';
import { sharp } from './libvips.ts';
import { animation, halves, looksLike, make, pixel, plain, svg, upright } from './pictures.fixture.ts';

const png = await halves.clone().png().toBuffer();
const [red, lime, blue] = [
  [255, 0, 0, 255],
  [0, 255, 0, 255],
  [0, 0, 255, 255],
];
const logo = await plain(20, 10, 'lime').png().toBuffer();
const overlay = (bytes: Uint8Array) => ({ overlay: async () => bytes });
const over = { bucket: 'logos', key: 'logo.png' };

const refused = (work: Promise<unknown>, code: string) =>
  expect(work).rejects.toMatchObject({ name: 'ImageError', code, status: expect.any(Number) });

describe('a picture', () => {
  it('that needs no change is handed on as it is', async () => {
    expect(await make(png)).toEqual({
      bytes: png,
      format: 'png',
      contentType: 'image/png',
      width: 120,
      height: 80,
      frames: 1,
    });
    expect((await make(animation, { animated: true })).bytes).toBe(animation);
    expect((await make(png, { png: {} })).bytes).not.toBe(png);
    expect((await make(png, { rotate: null })).bytes).not.toBe(png);
  });

  it('is turned as the camera was held, and tells nothing of who took it, where and when', async () => {
    expect((await sharp(upright).metadata()).exif?.length).toBeGreaterThan(0);
    const picture = await make(upright, { resize: { width: 40 } });
    expect(picture).toMatchObject({ width: 40, height: 60, format: 'jpeg' });
    looksLike(await pixel(picture, 20, 10), red);
    looksLike(await pixel(picture, 20, 50), blue);
    const { exif, xmp, icc, orientation } = await sharp(picture.bytes).metadata();
    expect({ exif, xmp, icc, orientation }).toEqual({});
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('can be had as %s', async (format) => {
    const picture = await make(png, { toFormat: format, resize: { width: 60 } });
    expect(picture).toMatchObject({ format, contentType: `image/${format}`, width: 60, height: 40 });
    looksLike(await pixel(picture, 10, 20), red);
    expect((await sharp(picture.bytes).metadata()).format).toBe(format === 'avif' ? 'heif' : format);
  });

  it.each(['jpeg', 'webp', 'avif', 'tiff'] as const)('can be read as %s', async (format) => {
    looksLike(await pixel(await make(await halves.clone()[format]().toBuffer(), { toFormat: 'png' }), 100, 40), blue);
  });

  it('is as good as it is asked to be', async () => {
    const noisy = await sharp({
      create: { width: 200, height: 200, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
    })
      .png()
      .toBuffer();
    const size = async (quality: number) => (await make(noisy, { toFormat: 'webp' }, { output: { quality, format: 'webp' } })).bytes.length;
    expect(await size(20)).toBeLessThan((await size(90)) / 2);
  });
});

describe('edits', () => {
  it('run in the order of their keys', async () => {
    const left = { left: 0, top: 0, width: 30, height: 20 };
    const first = await make(png, { crop: left, resize: { width: 60 } });
    expect(first).toMatchObject({ width: 60, height: 40 });
    const last = await make(png, { resize: { width: 60 }, crop: left });
    expect(last).toMatchObject({ width: 30, height: 20 });
    expect(await make(png, { rotate: 90, resize: { width: 60 } })).toMatchObject({ width: 60, height: 90 });
    expect(await make(png, { resize: { width: 60 }, rotate: 90 })).toMatchObject({ width: 40, height: 60 });
  });

  /** Of the left half, red, what each makes. */
  it.each<[object, readonly number[]]>([
    [{ greyscale: true }, [127, 127, 127, 255]],
    [{ negate: true }, [0, 255, 255, 0]],
    [{ flop: true }, blue],
    [{ flip: true }, red],
    [{ linear: 0.5 }, [128, 0, 0, 255]],
    [{ modulate: { hue: 120 } }, [0, 158, 59, 255]],
    [{ tint: 'lime' }, [0, 155, 0, 255]],
    [{ threshold: 10 }, [255, 255, 255, 255]],
    [{ extractChannel: 'red' }, [255, 255, 255, 255]],
    [{ bandbool: 'or' }, [255, 255, 255, 255]],
    [{ recomb: [[0, 0, 1], [0, 1, 0], [1, 0, 0]] }, blue], // prettier-ignore
    [{ affine: [2, 0, 0, 2] }, red],
    [{ extend: { left: 80, background: 'lime' } }, lime],
    [{ blur: 1 }, red],
    [{ median: 3 }, red],
    [{ sharpen: { sigma: 1 } }, red],
    [{ convolve: { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] } }, red],
    [{ ensureAlpha: 0.5 }, red],
    [{ toColourspace: 'b-w' }, [127, 127, 127, 255]],
  ])('change pixels: %j', async (edits, expected) => {
    const seen = await pixel(await make(png, edits), 30, 40);
    for (const [channel, value] of expected.entries()) expect(Math.abs((seen[channel] ?? 0) - value)).toBeLessThanOrEqual(2);
  });

  /** What each makes of a size of 120×80. */
  it.each<[object, number, number]>([
    [{ resize: { width: 60, height: 60 } }, 60, 60],
    [{ resize: { width: 60, height: 60, fit: 'inside' } }, 60, 40],
    [{ resize: { width: 60, height: 60, fit: 'outside' } }, 90, 60],
    [{ resize: { width: 240, withoutEnlargement: true } }, 120, 80],
    [{ resize: { ratio: 0.5 } }, 60, 40],
    [{ resize: { ratio: 0.5, width: 40, height: 40 } }, 20, 13],
    [{ extract: { left: 1, top: 2, width: 3, height: 4 } }, 3, 4],
    [{ extend: 5 }, 130, 90],
    [{ rotate: 180 }, 120, 80],
    [{ resize: { width: 60 }, crop: { left: 0, top: 0, width: 9, height: 9 }, extend: 5 }, 19, 19],
    [
      { resize: { width: 60 }, crop: { left: 0, top: 0, width: 9, height: 9 }, extend: 5, tint: 'red', roundCrop: true, toFormat: 'png' },
      19,
      19,
    ],
    [{ trim: true }, 60, 80],
    [
      {
        gamma: true,
        clahe: { width: 9, height: 9 },
        normalise: true,
        unflatten: true,
        flatten: true,
        removeAlpha: true,
        pipelineColourspace: 'srgb',
      },
      120,
      80,
    ],
  ])('change the size: %j', async (edits, width, height) => {
    expect(await make(png, edits)).toMatchObject({ width, height });
  });

  it.each<[object, string]>([
    [{ crop: { left: 100, top: 0, width: 50, height: 10 } }, 'Crop::AreaOutOfBounds'],
    [{ resize: { width: 5000 } }, 'TooLargeImageException'],
    [{ extend: 3000 }, 'TooLargeImageException'],
    [{ affine: [100, 0, 0, 100] }, 'TooLargeImageException'],
    [{ tint: 'nosuchcolour' }, 'BadRequest'],
    [{ clahe: { width: 200, height: 200 } }, 'BadRequest'],
    [{ removeAlpha: true, extractChannel: 3 }, 'BadRequest'],
    [{ contentModeration: true }, 'BadRequest'],
  ])('are refused: %j', async (edits, code) => {
    await refused(make(png, edits), code);
  });
});

describe('an overlay', () => {
  it('lies in the middle, or where it is put, in its own size or in parts of the picture’s', async () => {
    const middle = await make(png, { overlayWith: over }, overlay(logo));
    looksLike(await pixel(middle, 60, 40), lime);
    looksLike(await pixel(middle, 45, 40), red);
    const corner = await make(png, { overlayWith: { ...over, wRatio: 50, options: { left: '-0p', top: '-10p' } } }, overlay(logo));
    looksLike(await pixel(corner, 59, 71), lime);
    looksLike(await pixel(corner, 59, 41), red);
    const placed = await make(png, { overlayWith: { ...over, wRatio: 50, options: { left: '-10p', top: -8 } } }, overlay(logo));
    looksLike(await pixel(placed, 107, 71), lime);
    looksLike(await pixel(placed, 109, 71), blue);
    looksLike(await pixel(placed, 107, 73), blue);
  });

  it('is laid on what the picture has become, whichever key comes first', async () => {
    const put = { ...over, options: { left: 0, top: 0 } };
    for (const edits of [
      { overlayWith: put, resize: { width: 60 } },
      { resize: { width: 60 }, overlayWith: put },
    ]) {
      const picture = await make(png, edits, overlay(logo));
      looksLike(await pixel(picture, 19, 9), lime);
      looksLike(await pixel(picture, 21, 9), red);
    }
  });

  it('lets the picture shine through', async () => {
    looksLike(
      await pixel(await make(png, { overlayWith: { ...over, alpha: 50, options: { left: 0, top: 0 } } }, overlay(logo)), 5, 5),
      [128, 127, 0, 255],
    );
  });

  it('takes part in what sharp does after it has laid it over', async () => {
    const picture = await make(png, { overlayWith: over, resize: { width: 60 }, negate: { alpha: false }, greyscale: true }, overlay(logo));
    looksLike(await pixel(picture, 30, 20), [255, 0, 255, 255]);
    looksLike(await pixel(picture, 5, 5), [128, 128, 128, 255]);
  });

  it('can be an SVG, and several', async () => {
    const lists = [over, { ...over, options: { left: 0, top: 0 } }];
    const picture = await make(
      png,
      { overlayWith: lists },
      overlay(svg('<rect width="100" height="50" fill="lime"/>', 'width="20" height="10"')),
    );
    looksLike(await pixel(picture, 60, 40), lime);
    looksLike(await pixel(picture, 5, 5), lime);
  });

  it('lies on every frame of an animation', async () => {
    const picture = await make(animation, { overlayWith: { ...over, options: { left: 40, top: 30 } }, toFormat: 'gif' }, overlay(logo));
    expect(picture.frames).toBe(3);
    for (const page of [0, 1, 2]) looksLike(await pixel(picture, 59, 39, page), lime);
    looksLike(await pixel(picture, 39, 29, 2), blue);
  });

  it('is refused when it is larger than the picture, or none', async () => {
    await refused(make(await plain(9, 9, 'red').png().toBuffer(), { overlayWith: over }, overlay(logo)), 'BadRequest');
    await refused(make(png, { overlayWith: over }, overlay(Buffer.from('nothing'))), 'OverlayImageException');
    const limits = { inputPixels: 120 * 80 };
    await refused(
      make(png, { overlayWith: over }, { ...overlay(await plain(121, 80, 'red').png().toBuffer()), limits }),
      'TooLargeImageException',
    );
  });

  it('that cannot be fetched is refused for the reason it was not', async () => {
    const missing = async () => Promise.reject(new ImageError('NoSuchKey', 'It is not there.'));
    await refused(make(png, { overlayWith: over }, { overlay: missing }), 'NoSuchKey');
  });
});

describe('a picture that the camera was turned for', () => {
  it('is edited as people see it', async () => {
    looksLike(await pixel(await make(upright, { crop: { left: 0, top: 90, width: 80, height: 20 } }), 40, 10), blue);
    const round = await make(upright, { roundCrop: true });
    expect(round).toMatchObject({ width: 80, height: 80 });
    looksLike(await pixel(round, 40, 10), red);
    const laid = await make(upright, { overlayWith: { ...over, options: { left: 0, top: '-0' } } }, overlay(logo));
    expect(laid).toMatchObject({ width: 80, height: 120 });
    looksLike(await pixel(laid, 5, 5), lime);
    looksLike(await pixel(laid, 5, 115), blue);
    const findFaces = async () => [{ left: 0, top: 0.75, width: 0.5, height: 0.25 }];
    const face = await make(upright, { smartCrop: true }, { findFaces });
    expect(face).toMatchObject({ width: 40, height: 30 });
    looksLike(await pixel(face, 20, 15), blue);
    expect(await make(upright, { rotate: 90, resize: { width: 60 } })).toMatchObject({ width: 60, height: 40 });
  });
});

describe('a round crop', () => {
  it('leaves a circle, cut to its box', async () => {
    const picture = await make(png, { roundCrop: true });
    expect(picture).toMatchObject({ width: 80, height: 80 });
    expect((await pixel(picture, 0, 0))[3]).toBe(0);
    expect(await pixel(picture, 20, 40)).toEqual(red);
    expect(await pixel(picture, 60, 40)).toEqual(blue);
  });

  it.each([
    { resize: { width: 60, height: 60 } },
    { resize: { width: 60, height: 60, fit: 'fill' }, blur: 0.3 },
    { negate: { alpha: false } },
  ])('and an overlay are the same, whether the size is known before or not: %j', async (edits) => {
    const known = await make(png, { ...edits, overlayWith: over, roundCrop: true }, overlay(logo));
    const first = await make(png, edits);
    const after = await make(first.bytes, { overlayWith: over, roundCrop: true }, overlay(logo));
    expect(known).toMatchObject({ width: after.width, height: after.height });
    for (const place of [1, 20, 30, 45]) expect(await pixel(known, place, 30)).toEqual(await pixel(after, place, 30));
  });

  it('comes before what follows it, and keeps its corners with greyscale and an overlay', async () => {
    const picture = await make(
      png,
      { greyscale: true, overlayWith: over, roundCrop: { rx: 60, ry: 40 }, resize: { width: 60 } },
      overlay(logo),
    );
    expect(picture).toMatchObject({ width: 60, height: 40 });
    expect((await pixel(picture, 1, 1))[3]).toBe(0);
    looksLike(await pixel(picture, 30, 20), lime);
  });
});

describe('a smart crop', () => {
  const faces = [
    { left: 0.5, top: 0.25, width: 0.25, height: 0.5 },
    { left: -0.1, top: 0, width: 0.3, height: 0.1 },
  ];

  it('cuts to the face that is asked for, with some of what is around it', async () => {
    let seen: Uint8Array = Buffer.alloc(0);
    const findFaces = async (jpeg: Uint8Array) => ((seen = jpeg), faces);
    const picture = await make(png, { smartCrop: { padding: 4 } }, { findFaces });
    expect(picture).toMatchObject({ width: 38, height: 48 });
    looksLike(await pixel(picture, 1, 20), red);
    looksLike(await pixel(picture, 6, 20), blue);
    expect(await sharp(seen).metadata()).toMatchObject({ format: 'jpeg', width: 120, height: 80 });
    expect(await make(png, { smartCrop: { faceIndex: 1 } }, { findFaces })).toMatchObject({ width: 36, height: 8 });
    expect(await make(png, { smartCrop: true, resize: { width: 15 } }, { findFaces })).toMatchObject({ width: 15, height: 20 });
  });

  it.each([
    [
      { width: 4000, height: 3000 },
      { width: 1024, height: 768 },
    ],
    [
      { width: 40, height: 60 },
      { width: 80, height: 120 },
    ],
    [
      { width: 120, height: 80 },
      { width: 120, height: 80 },
    ],
    [{ width: 2000, height: 20 }, undefined],
  ])('looks at a picture of %j in %j', (size, preview) => {
    expect(toPreview(size)).toEqual(preview);
  });

  it('leaves a picture without faces as it is', async () => {
    expect(await make(png, { smartCrop: true }, { findFaces: async () => [] })).toMatchObject({ width: 120, height: 80 });
  });

  it('is refused for a face that is not there, or when nothing is left of it', async () => {
    await refused(make(png, { smartCrop: { faceIndex: 2 } }, { findFaces: async () => faces }), 'SmartCrop::FaceIndexOutOfRange');
    await refused(make(png, { smartCrop: { padding: -30 } }, { findFaces: async () => faces }), 'SmartCrop::PaddingOutOfBounds');
    await refused(make(png, { smartCrop: true }, { findFaces: () => Promise.reject(new Error('down')) }), 'SmartCrop::Error');
  });

  it('goes to what catches the eye where nobody finds faces', async () => {
    const dot = await plain(300, 100, 'white')
      .composite([{ input: await plain(40, 40, 'red').png().toBuffer(), left: 250, top: 30 }])
      .png()
      .toBuffer();
    const edits = { resize: { width: 100, height: 100 } };
    expect(await pixel(await make(dot, edits), 70, 50)).toEqual([255, 255, 255, 255]);
    expect(await pixel(await make(dot, { smartCrop: true, ...edits }), 70, 50)).toEqual(red);
  });
});

describe('content moderation', () => {
  it('blurs what should not be shown, and nothing else', async () => {
    const asked: number[] = [];
    const findLabels = async (_jpeg: Uint8Array, confidence: number) => (asked.push(confidence), ['Violence']);
    const mixed = async (edits: object) => (await pixel(await make(png, edits, { findLabels }), 58, 40))[2];
    expect(await mixed({ contentModeration: true })).toBeGreaterThan(50);
    expect(await mixed({ contentModeration: { minConfidence: 90, moderationLabels: ['Violence'], blur: 5 } })).toBeGreaterThan(50);
    expect(await mixed({ contentModeration: { moderationLabels: ['Gambling'] } })).toBe(0);
    expect(await mixed({ contentModeration: { blur: 0 } })).toBe(0);
    expect(asked).toEqual([75, 90, 75, 75]);
    const down = () => Promise.reject(new Error('down'));
    await refused(make(png, { contentModeration: true }, { findLabels: down }), 'Rekognition::DetectModerationLabelsError');
  });
});

describe('an animation', () => {
  it('stays one in GIF and WebP, with its times', async () => {
    for (const toFormat of ['gif', 'webp']) {
      const picture = await make(animation, { resize: { width: 30 }, toFormat });
      expect(picture).toMatchObject({ width: 30, height: 20, frames: 3 });
      expect(await sharp(picture.bytes).metadata()).toMatchObject({ pages: 3, delay: [100, 200, 300], loop: 2 });
      looksLike(await pixel(picture, 15, 10, 1), lime);
    }
  });

  it('is made whatever times it claims: a frame stands for 65 seconds at most', async () => {
    const slow = Buffer.from(animation);
    // The delay of the first frame, in hundredths of a second: 66,760 ms.
    slow.writeUInt16LE(6676, slow.indexOf(Buffer.from([0x21, 0xf9, 0x04])) + 4);
    for (const toFormat of ['gif', 'webp']) {
      const picture = await make(slow, { resize: { width: 30 }, toFormat });
      expect(((await sharp(picture.bytes).metadata()).delay ?? [])[0]).toBeGreaterThan(65_000);
    }
  });

  it('is its first frame in other formats, or when it is not to move', async () => {
    expect(await make(animation, { toFormat: 'png' })).toMatchObject({ frames: 1, width: 60, height: 40 });
    expect(await make(animation, { animated: false })).toMatchObject({ frames: 1, format: 'gif' });
  });

  it('is not rotated, cropped to faces or rounded, as in AWS’s solution', async () => {
    expect(await make(animation, { rotate: 90, roundCrop: true, smartCrop: true, resize: { width: 30 } })).toMatchObject({
      width: 30,
      height: 20,
    });
  });

  it.each<[object]>([
    [{ flip: true }],
    [{ trim: true }],
    [{ affine: [1, 1, 0, 1] }],
    [{ resize: { width: 9, height: 9, position: 'entropy' } }],
  ])('refuses %j', async (edits) => {
    await refused(make(animation, edits), 'BadRequest');
    await expect(make(animation, { ...edits, animated: false })).resolves.toMatchObject({ frames: 1 });
  });
});

describe('an SVG', () => {
  const drawing = svg('<script>alert(1)</script><rect width="50" height="50" fill="red"/>');

  it('never leaves as such, and is drawn in the size that is asked for', async () => {
    expect(await make(drawing)).toMatchObject({ format: 'png', width: 100, height: 50 });
    const large = await make(drawing, { resize: { width: 800 } });
    expect(large).toMatchObject({ format: 'png', width: 800, height: 400 });
    // Drawn in this size, and not blown up: its edge is one pixel wide.
    expect(await pixel(large, 399, 100)).toEqual(red);
    expect((await pixel(large, 400, 100))[3]).toBe(0);
    await expect(make(drawing, { toFormat: 'webp' })).resolves.toMatchObject({ format: 'webp' });
  });

  it('is drawn elsewhere however far it is moved in', async () => {
    const late = (spaces: number) => Buffer.concat([Buffer.from(' '.repeat(spaces)), drawing]);
    await expect(make(late(900))).resolves.toMatchObject({ format: 'png', width: 100 });
    await refused(make(late(5000)), 'InstantiationError');
    await refused(make(Buffer.concat([Buffer.from('x'), drawing])), 'InstantiationError');
  });

  it('reads no file and no address', async () => {
    const png64 = logo.toString('base64');
    const inside = await make(svg(`<image width="100" height="50" preserveAspectRatio="none" href="data:image/png;base64,${png64}"/>`));
    const outside = await make(
      svg('<image width="100" height="50" href="file:///etc/hostname"/><image width="9" height="9" href="http://127.0.0.1:1/a.png"/>'),
    );
    const stolen = make(
      Buffer.from(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>',
      ),
    );
    expect(await pixel(inside, 50, 25)).toEqual(lime);
    expect((await pixel(outside, 50, 25))[3]).toBe(0);
    await expect(
      stolen.then(
        ({ bytes }) => pixelsOf(bytes),
        () => 0,
      ),
    ).resolves.toBe(0);
  });

  it('is refused when it is too large in any way', async () => {
    await refused(make(svg('', 'width="100000" height="100000"')), 'TooLargeImageException');
    await refused(make(svg(' '.repeat(300_000))), 'TooLargeImageException');
    await refused(make(Buffer.from([0x1f, 0x8b, 0x08, 0x00])), 'InstantiationError');
    await refused(make(Buffer.from('<html><body>no</body></html>')), 'InstantiationError');
  });

  it('that would be drawn for minutes is stopped', async () => {
    const endless = svg(
      `<filter id="f"><feMorphology operator="dilate" radius="300"/></filter>${'<rect width="3000" height="3000" filter="url(#f)"/>'.repeat(200)}`,
      'width="3000" height="3000"',
    );
    await refused(make(endless, {}, { limits: { seconds: 1 } }), 'TimeoutException');
  });
});

describe('limits', () => {
  it.each([
    ['source bytes', { sourceBytes: 10 }],
    ['pixels of the source', { inputPixels: 120 * 80 - 1 }],
    ['a side of the result', { outputSide: 119 }],
    ['pixels of the result', { outputPixels: 120 * 80 - 1 }],
  ])('bound %s', async (_name, limits) => {
    await refused(make(png, { greyscale: true }, { limits }), 'TooLargeImageException');
  });

  it('count every frame of an animation', async () => {
    await refused(make(animation, { greyscale: true }, { limits: { inputPixels: 60 * 40 * 3 - 1 } }), 'TooLargeImageException');
    await refused(make(animation, { greyscale: true }, { limits: { frames: 2 } }), 'TooLargeImageException');
    await refused(make(animation, { greyscale: true }, { limits: { framesPixels: 60 * 40 * 3 - 1 } }), 'TooLargeImageException');
    await expect(make(animation, { greyscale: true, animated: false }, { limits: { inputPixels: 60 * 40 } })).resolves.toMatchObject({
      frames: 1,
    });
  });

  it('stop what takes too long', async () => {
    const large = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'grey' } })
      .jpeg()
      .toBuffer();
    const slow = { median: 15, convolve: { width: 15, height: 15, kernel: Array(225).fill(0.5) }, clahe: { width: 99, height: 99 } };
    await refused(make(large, slow, { limits: { seconds: 1 } }), 'TimeoutException');
    let calls = 0;
    await refused(make(png, { greyscale: true }, { now: () => new Date(60_000 * calls++) }), 'TimeoutException');
  });
});

describe('what is no picture that is served', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['half of one', upright.subarray(0, upright.length - 300)],
    ['PDF', Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n')],
    ['Radiance', Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\x01\x01\x01\x01')],
    ['PPM', Buffer.from('P3\n1 1\n255\n255 0 0\n')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1')],
  ])('is refused: %s', async (_name, bytes) => {
    await refused(make(bytes, { greyscale: true }), 'InstantiationError');
  });
});

async function pixelsOf(bytes: Uint8Array): Promise<number> {
  const { channels } = await sharp(bytes).stats();
  return channels.at(-1)?.max ?? 0;
}
