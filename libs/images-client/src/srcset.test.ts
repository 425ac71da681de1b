import { toSizes, toSrcset, toWidth } from './srcset.ts';

const address = (width: number, format?: string) => `/${width}x0/a.jpg${format ? `?format=${format}` : ''}`;
const own = { width: 1000, height: 500 };

/** The widths that are asked for, with what screens they are for. */
const candidates = (srcset: string) => srcset.split(', ').map((candidate) => candidate.replace(/^\/(\d+)x\S+ (.*)$/, '$1 $2'));

describe('a srcset by width', () => {
  it('has each step below the picture’s own width, and that', () => {
    expect(toSrcset(address, { own: { width: 400, height: 200 } })).toBe(
      '/160x0/a.jpg 160w, /240x0/a.jpg 240w, /320x0/a.jpg 320w, /400x0/a.jpg 400w',
    );
    expect(candidates(toSrcset(address, { own }))).toEqual([
      '160 160w',
      '240 240w',
      '320 320w',
      '480 480w',
      '640 640w',
      '960 960w',
      '1000 1000w',
    ]);
  });

  it.each([
    [320, '320 320w'],
    [100, '100 100w'],
    [9000, '3840 3840w'],
  ])('ends with the last width that is worth having, of a picture of %d', (width, last) => {
    expect(candidates(toSrcset(address, { own: { width, height: width } })).at(-1)).toBe(last);
  });

  it('ends with the most that a page shows, rounded up', () => {
    expect(candidates(toSrcset(address, { own, most: 400 }))).toEqual(['160 160w', '240 240w', '320 320w', '480 480w']);
  });

  it('asks for few widths, whatever pages are like', () => {
    const widths = Array.from({ length: 2000 }, (_, index) =>
      candidates(toSrcset(address, { own: { width: 9000, height: 9 }, most: index + 1 })),
    );
    expect(new Set(widths.flat()).size).toBe(9);
  });

  it('is for a format, if one is asked for', () => {
    expect(toSrcset(address, { own: { width: 100, height: 50 } }, 'avif')).toBe('/100x0/a.jpg?format=avif 100w');
  });
});

describe('a srcset by density', () => {
  it('is for screens of one, two and three pixels, rounded up to steps', () => {
    expect(toSrcset(address, { own, width: 200 })).toBe('/640x0/a.jpg 3x, /480x0/a.jpg 2x, /240x0/a.jpg 1x');
  });

  it('asks for no width above the picture’s own, and for none twice', () => {
    expect(candidates(toSrcset(address, { own, width: 400 }))).toEqual(['1000 3x', '960 2x', '480 1x']);
    expect(candidates(toSrcset(address, { own, width: 500 }))).toEqual(['1000 2x', '640 1x']);
    expect(candidates(toSrcset(address, { own, width: 1000 }))).toEqual(['1000 1x']);
    expect(candidates(toSrcset(address, { own, width: 2000 }))).toEqual(['1000 1x']);
  });
});

it('one width is the least that need not be made larger', () => {
  expect(toWidth({ own, width: 241 })).toBe(320);
  expect(toWidth({ own, width: 240 })).toBe(240);
  expect(toWidth({ own, width: 980 })).toBe(1000);
  expect(toWidth({ own })).toBe(1000);
  expect(toWidth({ own, most: 700 })).toBe(960);
});

it('sizes are told by media condition, and what holds otherwise', () => {
  expect(toSizes({ '(min-width: 80em)': '25vw', '(min-width: 40em)': '50vw' }, '100vw')).toBe(
    '(min-width: 80em) 25vw, (min-width: 40em) 50vw, 100vw',
  );
  expect(toSizes({}, '10em')).toBe('10em');
});
