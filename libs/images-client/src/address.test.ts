import { toAddress } from './address.ts';
import type { Edits } from './edits.ts';

const said = (address: string) => Buffer.from(address.slice(1), 'base64url').toString();
const edits = (given: Edits) => said(toAddress({ key: 'a.jpg' }, given)).replace(/^\{"key":"a.jpg","edits":(.*)\}$/, '$1');

describe('an address of JSON', () => {
  it('is the one that AWS’s solution knows', () => {
    expect(toAddress({ bucket: 'validBucket', key: 'validKey' }, { format: 'png' })).toBe(
      '/eyJidWNrZXQiOiJ2YWxpZEJ1Y2tldCIsImtleSI6InZhbGlkS2V5IiwiZWRpdHMiOnsidG9Gb3JtYXQiOiJwbmcifX0=',
    );
  });

  it('names a picture, without a bucket and without edits', () => {
    expect(toAddress({ key: 'a.jpg' })).toBe('/eyJrZXkiOiJhLmpwZyIsImVkaXRzIjp7fX0=');
  });

  it('takes keys of any letters, in an alphabet that needs no escapes', () => {
    expect(toAddress({ key: '~?/Birnen ü 🍐.v2' })).toBe('/eyJrZXkiOiJ-Py9CaXJuZW4gw7wg8J-NkC52MiIsImVkaXRzIjp7fX0=');
    expect(said(toAddress({ key: '~?/Birnen ü 🍐.v2' }))).toBe('{"key":"~?/Birnen ü 🍐.v2","edits":{}}');
    expect(toAddress({ key: 'ÿÿÿ>>>???' })).toMatch(/^\/[\w-]+=*$/);
  });

  it.each<[Edits, string]>([
    [{ width: 300 }, '{"resize":{"width":300}}'],
    [{ height: 200 }, '{"resize":{"height":200}}'],
    [
      { width: 300, height: 200, fit: 'contain', position: 'left top', background: '#0a0' },
      '{"resize":{"width":300,"height":200,"fit":"contain","position":"left top","background":"#0a0"}}',
    ],
    [{ format: 'auto' }, '{"toFormat":"auto"}'],
    [{ format: 'gif', quality: 9 }, '{"gif":{"quality":9,"force":false},"toFormat":"gif"}'],
    [{ quality: 50 }, '{"avif":{"quality":50,"force":false},"jpeg":{"quality":50,"force":false},"webp":{"quality":50,"force":false}}'],
    [{ smartCrop: { faceIndex: 0, padding: 10 } }, '{"smartCrop":{"faceIndex":0,"padding":10}}'],
    [{ roundCrop: { rx: 30, top: 0 } }, '{"roundCrop":{"rx":30,"top":0}}'],
  ])('says edits as the service names them: %j', (given, expected) => {
    expect(edits(given)).toBe(expected);
  });

  it('says the same edits in one order: what is cut or turned before the frame, the circle last', () => {
    const expected =
      '{"smartCrop":true,"rotate":90,"resize":{"width":30,"height":40},"blur":2,"grayscale":true,"webp":{"quality":50,"force":false},"toFormat":"webp","roundCrop":true}';
    const given: Edits = {
      roundCrop: true,
      quality: 50,
      format: 'webp',
      grayscale: true,
      blur: 2,
      width: 30,
      height: 40,
      rotate: 90,
      smartCrop: true,
    };
    expect(edits(given)).toBe(expected);
    expect(edits(Object.fromEntries(Object.entries(given).reverse()))).toBe(expected);
  });

  it('says nothing of edits that are off', () => {
    expect(edits({ grayscale: false, width: undefined, smartCrop: undefined, rotate: undefined })).toBe('{}');
  });
});
