import { toAddress } from '@larder/images-client/address';
import type { Edits, Picture } from '@larder/images-client/edits';
import { toQueryAddress } from '@larder/images-client/query-address';
import { signAddress } from '@larder/images-client/sign-address';
import { toThumborAddress } from '@larder/images-client/thumbor-address';
import fc from 'fast-check';
import { listEdits } from '../edits/edits.ts';
import type { PipelineEdit } from '../transform/pipeline-edits.ts';
import { sizeAfter } from '../transform/size-after.ts';
import { nameIn } from './place.ts';
import { readRequest, type RequestRules } from './read-request.ts';

const rules: RequestRules = { buckets: ['pictures', 'logos'], now: () => new Date('2026-03-01T12:00:00Z') };

/** As a browser sends it, and a function gets it. */
function read(address: string, more: Partial<RequestRules> = {}) {
  const { pathname, searchParams } = new URL(`http://images${address}`);
  return readRequest({ ...rules, ...more })({ path: pathname, query: new Map(searchParams), accept: 'image/avif,image/webp,*/*' });
}

const picture = { key: 'fruit/pear.jpg' };
const frame = { width: 300, height: 400 };
const forms = { toAddress, toThumborAddress, toQueryAddress };
type Form = (picture: Picture, edits?: object) => string;

describe('an address that @larder/images-client makes', () => {
  /** A key of S3's: up to 1,024 bytes of text that can be printed. */
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((key) => !/\p{Cc}/u.test(key) && key.isWellFormed());
  const folder = fc.constantFrom('300x400', 'fit-in', '1x2:3x4', 's3:evil', 'filters:blur(3)', '..', '.', '', 'fruit', 'a.b', '%2F', 'ü');
  const keys = fc.oneof(
    text.map((key) => `${key.replaceAll('.', '')}.jpg`),
    fc
      .tuple(fc.array(folder, { maxLength: 5 }), fc.constantFrom('pear.jpg', '300x400.png', 'fit-in.webp'))
      .map(([folders, name]) => [...folders, name].join('/')),
  );

  it.each(Object.entries(forms))('names the picture, whatever it is called: %s', (_name, form) => {
    fc.assert(
      fc.property(keys, fc.constantFrom(undefined, 'logos'), fc.constantFrom({}, { width: 30 }), (key, bucket, edits) => {
        const request = read(form({ key, bucket }, edits));
        expect(request.place).toEqual({ bucket: bucket ?? 'pictures', key });
        expect(request.edits.resize?.width).toBe(edits.width);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[object, object]>([
    [{ ...frame }, {}],
    [{ ...frame, fit: 'cover' }, {}],
    [{ ...frame, fit: 'inside' }, { fit: 'inside' }],
    [{ ...frame, fit: 'fill' }, { fit: 'fill' }],
  ])('says in each form what becomes of the shape: %j', (edits, fitted) => {
    for (const form of Object.values(forms) as Form[]) {
      const { fit, width, height } = read(form(picture, edits)).edits.resize ?? {};
      expect({ fit: fit === 'cover' ? undefined : fit, width, height }).toEqual({ fit: undefined, ...frame, ...fitted });
    }
  });

  it.each<[object, object]>([
    [{ width: 300 }, { width: 300, height: 225 }],
    [{ width: 299.6 }, { width: 300, height: 225 }],
    [{ height: 300 }, { width: 400, height: 300 }],
    [frame, frame],
    [
      { ...frame, fit: 'inside' },
      { width: 300, height: 225 },
    ],
    [{ ...frame, fit: 'fill' }, frame],
  ])('asks in each form for the same size: %j', (edits, expected) => {
    for (const form of [toAddress, toThumborAddress] as Form[]) expect(size(form(picture, edits))).toEqual(expected);
    // Of a query the service takes whole pixels only.
    if (!JSON.stringify(edits).includes('.')) expect(size(toQueryAddress(picture, edits))).toEqual(expected);
  });

  it.each<[Edits, object]>([
    [
      { rotate: 90, width: 300 },
      { width: 300, height: 400 },
    ],
    [
      { rotate: 270, height: 300 },
      { width: 225, height: 300 },
    ],
    [{ rotate: 90, ...frame }, frame],
    [
      { rotate: 90, width: 100, height: 400, fit: 'inside' },
      { width: 100, height: 133 },
    ],
    [{ rotate: 180, ...frame, fit: 'contain', background: 'teal' }, frame],
  ])('has its frame around what was turned: %j', (edits, expected) => {
    expect(size(toAddress(picture, edits))).toEqual(expected);
  });

  it('says every edit', () => {
    const edits: Edits = {
      smartCrop: { faceIndex: 1, padding: 9 },
      rotate: 90,
      ...frame,
      fit: 'contain',
      position: 'right top',
      focal: [0.5, 0.25],
      background: '#0a0',
      blur: 2,
      grayscale: true,
      format: 'webp',
      quality: 50,
      roundCrop: { rx: 30, ry: 40, top: 1, left: 2 },
    };
    const request = read(toAddress(picture, edits));
    expect(listEdits(request.edits)).toEqual([
      ['smartCrop', { faceIndex: 1, padding: 9 }],
      ['rotate', 90],
      ['resize', { ...frame, fit: 'contain', position: 'right top', focal: [0.5, 0.25], background: '#0a0' }],
      ['blur', 2],
      ['greyscale', true],
      ['roundCrop', { rx: 30, ry: 40, top: 1, left: 2 }],
    ]);
    expect(request.output).toEqual({ format: 'webp', options: { webp: { quality: 50 } } });
  });

  it('names a policy, a focal point and a quality in a query', () => {
    const address = toQueryAddress(picture, { ...frame, focal: [0.5, 0.25], quality: 40 });
    expect(read(address)).toMatchObject({ edits: { resize: { ...frame, focal: [0.5, 0.25] } }, output: { quality: 40 } });
    expect(toQueryAddress(picture, { policyId: 'card' })).toMatch(/\?policyId=card$/);
  });

  it('blurs and greys in each form that can say so', () => {
    for (const form of [toAddress, toThumborAddress])
      expect(read(form(picture, { blur: 1.5, grayscale: true })).edits).toEqual({ blur: 1.5, greyscale: true });
    expect(read(toQueryAddress(picture, { grayscale: true })).edits).toEqual({ greyscale: true });
  });

  it('asks for a format, leaves it to the browser, or says nothing of it', () => {
    for (const form of Object.values(forms)) {
      expect(read(form(picture, { format: 'png' })).output).toEqual({ format: 'png' });
      expect(read(form(picture, { format: 'auto' })).output).toEqual({ format: 'auto', accepts: ['avif', 'webp'] });
      expect(read(form(picture)).output).toEqual({});
    }
  });

  it('says a quality without asking for a format', () => {
    const each = { avif: { quality: 50 }, jpeg: { quality: 50 }, webp: { quality: 50 } };
    expect(read(toAddress(picture, { quality: 50 })).output).toEqual({ options: each });
    expect(read(toAddress(picture, { quality: 50, format: 'auto' })).output).toEqual({
      format: 'auto',
      accepts: ['avif', 'webp'],
      options: each,
    });
    expect(read(toThumborAddress(picture, { quality: 50 })).output).toEqual({ quality: 50 });
  });

  it.each(Object.entries(forms))('is signed: %s', (_name, form) => {
    const secrets = ['a secret of sixteen'];
    const unsigned = form({ key: '300x400/Birne ü+.jpg', bucket: 'logos' }, { ...frame, format: 'auto' });
    const expires = new Date('2026-03-01T12:01:00Z');
    expect(read(signAddress(unsigned, secrets[0]!, { expires }), { secrets })).toMatchObject({
      place: { bucket: 'logos' },
      expiresInSeconds: 60,
    });
    expect(nameIn(read(signAddress(unsigned, secrets[0]!), { secrets }).place)).toBe('300x400/Birne ü+.jpg');
    expect(() => read(signAddress(unsigned, 'another secret of sixteen'), { secrets })).toThrow('does not match');
  });
});

/** Of a picture of 4000×3000. */
function size(address: string): object {
  return sizeAfter(listEdits(read(address).edits) as unknown as PipelineEdit[], { width: 4000, height: 3000 });
}
