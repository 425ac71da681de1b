import { parseEdits } from '../edits/edits.ts';
import { ImageError } from '../image-error.ts';
import { readThumborPath } from './thumbor-path.ts';

/** What a path asks for, once its edits have been checked. */
function read(path: string) {
  const { key, bucket, quality, edits } = readThumborPath(path);
  const parsed = parseEdits(edits);
  return { key, bucket, quality, edits: parsed.edits, format: parsed.asked.toFormat };
}

const edits = (filters: string) => read(`/filters:${filters}/a.jpg`).edits;

describe('a path of Thumbor', () => {
  it('has its key at the end, whatever comes before it', () => {
    expect(read('/fit-in/300x400/filters:grayscale():quality(50):format(webp)/s3:logos/a/b%20c.jpg')).toEqual({
      key: 'a/b c.jpg',
      bucket: 'logos',
      quality: 50,
      format: 'webp',
      edits: { resize: { fit: 'inside', width: 300, height: 400 }, greyscale: true },
    });
    expect(read('/s3:logos/10x20:30x50/300x0/a.png')).toMatchObject({
      key: 'a.png',
      bucket: 'logos',
      edits: { crop: { left: 10, top: 20, width: 20, height: 30 }, resize: { fit: 'inside', width: 300, height: null } },
    });
  });

  it('takes sizes and filters between slashes only', () => {
    expect(read('/wall-300x400.jpg')).toMatchObject({ key: 'wall-300x400.jpg', edits: {} });
    expect(read('/fit-into/a.jpg')).toMatchObject({ key: 'fit-into/a.jpg', edits: {} });
  });

  it('covers a size, fits it with fit-in, and follows the other side where one is 0', () => {
    expect(read('/300x400/a.jpg').edits).toEqual({ resize: { width: 300, height: 400 } });
    expect(read('/0x400/a.jpg').edits).toEqual({ resize: { width: null, height: 400, fit: 'inside' } });
    expect(read('/fit-in/a.jpg').edits).toEqual({ resize: { fit: 'inside' } });
  });

  it('refuses an area that ends before it begins', () => {
    expect(() => read('/30x50:10x20/a.jpg')).toThrow(expect.objectContaining({ code: 'Crop::AreaOutOfBounds' }));
  });

  it.each([
    ['animated(false)', { animated: false }],
    ['animated()', { animated: true }],
    ['background_color(ff0000)', { flatten: { background: '#ff0000' } }],
    ['background_color(teal)', { flatten: { background: 'teal' } }],
    ['blur(7)', { blur: 3.5 }],
    ['blur(7,2)', { blur: 2 }],
    ['convolution(1;2;1;2;4;2;1;2;1,3,true)', { convolve: { width: 3, height: 3, kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1] } }],
    ['equalize()', { normalise: true }],
    ['fill(0a0)', { resize: { fit: 'contain', background: '#0a0' } }],
    ['grayscale()', { greyscale: true }],
    ['no_upscale()', { resize: { withoutEnlargement: true } }],
    ['proportion(0.5)', { resize: { ratio: 0.5 } }],
    ['rgb(100,20,0)', { tint: { r: 255, g: 51, b: 0 } }],
    ['rotate(90)', { rotate: 90 }],
    ['rotate()', {}],
    ['sharpen(2,1.5,true)', { sharpen: { sigma: 1.75 } }],
    ['smart_crop(1,20)', { smartCrop: { faceIndex: 1, padding: 20 } }],
    ['smart_crop()', { smartCrop: {} }],
    ['stretch()', { resize: { fit: 'fill' } }],
    ['strip_exif()', { rotate: null }],
    ['strip_icc()', { rotate: null }],
    ['upscale()', { resize: { fit: 'inside' } }],
    [
      'watermark(logos,a/b.png,10,-5p,50,20,30)',
      {
        overlayWith: [{ place: { bucket: 'logos', key: 'a/b.png' }, alpha: 50, wRatio: 20, hRatio: 30, options: { left: 10, top: '-5p' } }],
      },
    ],
    ['watermark(logos,b.png,middle,middle,0)', { overlayWith: [{ place: { bucket: 'logos', key: 'b.png' }, alpha: 0, options: {} }] }],
  ])('has the filter %s', (filter, expected) => {
    expect(edits(filter)).toEqual(expected);
  });

  it('has the filters format and autojpg', () => {
    expect(read('/filters:format(.jpg)/a.png').format).toBe('jpeg');
    expect(read('/filters:autojpg()/a.png').format).toBe('jpeg');
  });

  it('has the key of a watermark not for its own, wherever it stands among the filters', () => {
    expect(read('/filters:grayscale():watermark(logos,x/y.png,0,0,0)/a.jpg').key).toBe('a.jpg');
  });

  it('stretches to a size, but not within fit-in, and multiplies a size that is given', () => {
    expect(read('/300x400/filters:stretch()/a.jpg').edits.resize?.fit).toBe('fill');
    expect(read('/fit-in/300x400/filters:stretch()/a.jpg').edits.resize?.fit).toBe('inside');
    expect(read('/300x400/filters:proportion(0.5)/a.jpg').edits.resize).toMatchObject({ width: 150, height: 200 });
  });

  it('takes filters in one order, however they were written', () => {
    expect(read('/filters:rotate(90):blur(4):no_upscale()/a.jpg')).toEqual(read('/filters:no_upscale():rotate(90)/filters:blur(4)/a.jpg'));
  });

  it.each([
    'spin(3)',
    'constructor()',
    'blur(x)',
    'blur(200)',
    'quality',
    'grayscale(',
    'background_color()',
    'rgb(1)',
    'convolution(1;2,0)',
  ])('refuses the filter %s', (filter) => {
    expect(() => edits(filter)).toThrow(ImageError);
  });
});
