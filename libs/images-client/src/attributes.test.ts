import { toImg, toPicture } from './attributes.ts';
import type { Format } from './edits.ts';
import { toThumborAddress } from './thumbor-address.ts';

const address = (width: number, format?: Format) => toThumborAddress({ key: 'a.jpg' }, { width, format });
const own = { width: 400, height: 300 };

describe('an <img>', () => {
  it('that is as wide as the page makes it keeps the picture’s shape', () => {
    expect(toImg(address, { own, sizes: '50vw', most: 200 })).toEqual({
      src: '/240x0/a.jpg',
      srcset: '/160x0/a.jpg 160w, /240x0/a.jpg 240w',
      sizes: '50vw',
      width: 400,
      height: 300,
      loading: 'lazy',
      decoding: 'async',
    });
  });

  it('that is always as wide has the height that goes with it', () => {
    expect(toImg(address, { own, width: 150, loading: 'eager' })).toEqual({
      src: '/160x0/a.jpg',
      srcset: '/400x0/a.jpg 3x, /320x0/a.jpg 2x, /160x0/a.jpg 1x',
      width: 150,
      height: 113,
      loading: 'eager',
      decoding: 'async',
    });
  });
});

it('attributes can be set one after the other: what begins to load is the last one, and none is undefined', () => {
  const attributes = toImg(address, { own, width: 150 });
  expect(Object.keys(attributes)).toEqual(['loading', 'decoding', 'width', 'height', 'srcset', 'src']);
  expect(Object.keys(toImg(address, { own, sizes: '50vw' })).slice(-3)).toEqual(['sizes', 'srcset', 'src']);
  expect(Object.keys(toPicture(address, { own, width: 150 }).sources[0]!)).toEqual(['type', 'srcset']);
});

describe('a <picture>', () => {
  it('has a source for each format, and an <img> without one', () => {
    expect(toPicture(address, { own: { width: 200, height: 100 }, sizes: '20em' })).toEqual({
      sources: [
        {
          type: 'image/avif',
          srcset: '/160x0/filters:format(avif)/a.jpg 160w, /200x0/filters:format(avif)/a.jpg 200w',
          sizes: '20em',
        },
        {
          type: 'image/webp',
          srcset: '/160x0/filters:format(webp)/a.jpg 160w, /200x0/filters:format(webp)/a.jpg 200w',
          sizes: '20em',
        },
      ],
      img: {
        src: '/200x0/a.jpg',
        srcset: '/160x0/a.jpg 160w, /200x0/a.jpg 200w',
        sizes: '20em',
        width: 200,
        height: 100,
        loading: 'lazy',
        decoding: 'async',
      },
    });
  });

  it('has the formats that are asked for', () => {
    expect(toPicture(address, { own, width: 100 }, ['webp']).sources.map(({ type }) => type)).toEqual(['image/webp']);
  });
});
