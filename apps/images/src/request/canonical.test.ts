import fc from 'fast-check';
import { cacheKey, canonicalText } from './canonical.ts';
import { readRequest } from './read-request.ts';

const read = (request: object, query: Record<string, string> = {}, accept?: string) =>
  readRequest({ buckets: ['pictures'], now: () => new Date(0) })({
    path: `/${Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)).toString('base64url')}`,
    query: new Map(Object.entries(query)),
    accept,
  });
const path = (text: string) => readRequest({ buckets: ['pictures'], now: () => new Date(0) })({ path: text, query: new Map() });

describe('the canonical form', () => {
  it('is the same however a request was written', () => {
    const text = canonicalText(
      read({ key: 'a.jpg', edits: { resize: { width: 300, fit: 'inside' }, greyscale: true, blur: 3 }, outputFormat: 'webp' }),
    );
    const spaced =
      '{ "outputFormat": "webp", "who": "me", "edits": {"blur":3, "grayscale":true, "flip":false, "resize":{"fit":"inside","width":"300","height":null}}, "key":"a.jpg" }';
    expect(canonicalText(read(JSON.parse(spaced)))).toBe(text);
    expect(canonicalText(path('/fit-in/300x0/filters:blur(6):grayscale():format(webp)/a.jpg'))).toBe(text);
  });

  it('keeps the order of edits where it means something, and only there', () => {
    const key = (edits: object) => cacheKey(read({ key: 'a.jpg', edits }));
    const [crop, resize] = [{ left: 0, top: 0, width: 9, height: 9 }, { width: 5 }];
    expect(key({ crop, resize })).not.toBe(key({ resize, crop }));
    expect(key({ rotate: 90, resize })).not.toBe(key({ resize, rotate: 90 }));
    expect(key({ blur: 3, roundCrop: true })).not.toBe(key({ roundCrop: true, blur: 3 }));
    expect(key({ blur: 3, resize, tint: 'red' })).toBe(key({ tint: 'red', resize, blur: 3 }));
  });

  it('names a picture by what it looks like, not by the headers it is answered with', () => {
    const [plain, other] = [read({ key: 'a.jpg' }), read({ key: 'a.jpg', headers: { 'X-A': 'b' } })];
    expect(cacheKey(plain)).toMatch(/^[0-9a-f]{64}$/);
    expect(cacheKey(other)).toBe(cacheKey(plain));
    expect(canonicalText(other)).not.toBe(canonicalText(plain));
  });

  it('tells pictures apart by what the client takes, if the format is left open', () => {
    const of = (query: Record<string, string>, accept: string) => read({ key: 'a.jpg' }, query, accept);
    expect(cacheKey(of({ format: 'auto' }, 'image/webp'))).not.toBe(cacheKey(of({ format: 'auto' }, 'image/png')));
    expect(cacheKey(of({ format: 'auto' }, 'text/html, image/webp;q=0.4'))).toBe(cacheKey(of({ format: 'auto' }, 'image/webp')));
    expect(canonicalText(of({ format: 'auto' }, 'image/webp'))).toBe(canonicalText(of({ format: 'auto' }, '')));
    expect(cacheKey(of({}, 'image/webp'))).toBe(cacheKey(of({}, 'image/png')));
  });

  it('is deaf to the order of keys at every depth', () => {
    const edits = {
      overlayWith: { bucket: 'pictures', key: 'b', alpha: 5, options: { left: 1, top: 2 } },
      blur: 3,
      modulate: { hue: 3, brightness: 2 },
    };
    const request = { key: 'a.jpg', bucket: 'pictures', edits, outputFormat: 'png' };
    const text = canonicalText(read(request));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        expect(canonicalText(read(shuffled(request, numbers) as object))).toBe(text);
      }),
    );
  });
});

function shuffled(value: unknown, numbers: fc.Stream<number>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [numbers.next().value, name, shuffled(member, numbers)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => a - b).map(([, name, member]) => [name, member]));
}
