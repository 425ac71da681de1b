import type { QueryEdits, ThumborEdits } from './edits.ts';
import { toQueryAddress } from './query-address.ts';
import { toThumborAddress } from './thumbor-address.ts';

const picture = { key: 'photo.jpg' };

describe('an address of Thumbor’s form', () => {
  it.each<[ThumborEdits, string]>([
    [{}, '/photo.jpg'],
    [{ width: 300 }, '/300x0/photo.jpg'],
    [{ height: 200 }, '/0x200/photo.jpg'],
    [{ width: 300, height: 400 }, '/300x400/photo.jpg'],
    [{ width: 300, height: 400, fit: 'cover' }, '/300x400/photo.jpg'],
    [{ width: 300, height: 400, fit: 'inside' }, '/fit-in/300x400/photo.jpg'],
    [{ width: 300, height: 400, fit: 'fill' }, '/300x400/filters:stretch()/photo.jpg'],
    // What a page has measured is no whole number; in a path the service would take such a size for a folder.
    [{ width: 299.6 }, '/300x0/photo.jpg'],
    [{ blur: 1.5 }, '/filters:blur(3)/photo.jpg'],
    [{ grayscale: false }, '/photo.jpg'],
    [
      { width: 300, height: 400, fit: 'inside', grayscale: true, quality: 50, format: 'webp' },
      '/fit-in/300x400/filters:format(webp):grayscale():quality(50)/photo.jpg',
    ],
  ])('says edits as Thumbor does: %j', (edits, expected) => {
    expect(toThumborAddress(picture, edits)).toBe(expected);
  });

  it('is the same whatever order the edits are given in', () => {
    expect(toThumborAddress(picture, { quality: 50, blur: 2, format: 'webp' })).toBe(
      toThumborAddress(picture, { format: 'webp', blur: 2, quality: 50 }),
    );
  });

  it('names the bucket', () => {
    expect(toThumborAddress({ bucket: 'logos', key: 'a.png' }, { width: 30 })).toBe('/30x0/s3:logos/a.png');
  });
});

describe('an address with a query', () => {
  it.each<[QueryEdits, string]>([
    [{}, '/photo.jpg'],
    [{ width: 200, height: 100, format: 'avif' }, '/photo.jpg?format=avif&height=100&width=200'],
    [{ fit: 'outside', height: 100, width: 200 }, '/photo.jpg?fit=outside&height=100&width=200'],
    [{ grayscale: true, width: undefined }, '/photo.jpg?grayscale=true'],
    [{ grayscale: false }, '/photo.jpg'],
  ])('says edits in the order of their names: %j', (edits, expected) => {
    expect(toQueryAddress(picture, edits)).toBe(expected);
  });

  it('names the bucket', () => {
    expect(toQueryAddress({ bucket: 'logos', key: 'a.png' }, { width: 30 })).toBe('/s3:logos/a.png?width=30');
  });
});

describe('a key in a path', () => {
  it.each([
    ['fruit/pears/a.jpg', '/fruit/pears/a.jpg'],
    ['Birnen ü 🍐?#%2F.jpg', '/Birnen%20%C3%BC%20%F0%9F%8D%90%3F%23%252F.jpg'],
    // A colon makes a filter, a crop, a bucket: escaped, it makes none.
    ['filters:blur(3)/1x1:2x2/s3:b/a.jpg', '/filters%3Ablur(3)%2F1x1%3A2x2%2Fs3%3Ab%2Fa.jpg'],
    ['300x400/a.jpg', '/300x400%2Fa.jpg'],
    ['thumbs/300x400/a.jpg', '/thumbs%2F300x400%2Fa.jpg'],
    ['fit-in/a.jpg', '/fit-in%2Fa.jpg'],
    ['/a.jpg', '/%2Fa.jpg'],
    ['a//b.jpg', '/a%2F%2Fb.jpg'],
    ['a/../b.jpg', '/a%2F..%2Fb.jpg'],
  ])('is a key and nothing else: %s', (key, expected) => {
    expect(toQueryAddress({ key })).toBe(expected);
    // Nor does a browser make something else of it.
    expect(new URL(expected, 'http://images').pathname).toBe(expected);
  });
});
