import { ImageError } from '../image-error.ts';
import { nameIn } from './place.ts';
import { type Incoming, readRequest, type RequestRules, signedText } from './read-request.ts';
import { defineConfiguration } from '../configuration/define-configuration.ts';
import { sign } from './signature.ts';

const rules: RequestRules = { buckets: ['pictures', 'logos'], now: () => new Date('2026-03-01T12:00:00Z') };

const at = (url: string, accept?: string): Incoming => {
  const { pathname, searchParams } = new URL(url, 'http://images');
  return { path: pathname, query: new Map(searchParams), accept };
};
const base64 = (request: object) => `/${Buffer.from(JSON.stringify(request)).toString('base64')}`;
const read = (url: string, more: Partial<RequestRules> & { accept?: string } = {}) =>
  readRequest({ ...rules, ...more })(at(url, more.accept));

/** Status and code of what a request is refused with. */
function refusal(url: string, more: Partial<RequestRules> = {}): unknown {
  try {
    return read(url, more);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    expect(JSON.parse(JSON.stringify(error))).toEqual({ status: error.status, code: error.code, message: expect.any(String) });
    return [error.status, error.code];
  }
}

describe('the form of a request', () => {
  const request = { bucket: 'logos', key: 'é/~?.jpg', edits: { resize: { width: 300 } }, outputFormat: 'webp' };
  const decoded = {
    place: { bucket: 'logos', key: 'é/~?.jpg' },
    edits: { resize: { width: 300 } },
    output: { format: 'webp' },
    headers: {},
  };

  it.each([
    ['the standard alphabet', base64(request)],
    [
      'the URL-safe alphabet, without padding',
      base64(request)
        .replaceAll('+', '-')
        .replaceAll(/(?<=.)\//g, '_')
        .replaceAll('=', ''),
    ],
    ['escaped padding', base64(request).replaceAll('=', '%3D')],
  ])('is JSON in Base64: %s', (_name, path) => {
    expect(read(path)).toEqual(decoded);
  });

  it('comes from the first bucket when it names none', () => {
    expect(read(base64({ key: 'a.jpg' })).place).toEqual({ bucket: 'pictures', key: 'a.jpg' });
    expect(read('/a.jpg').place).toEqual({ bucket: 'pictures', key: 'a.jpg' });
  });

  it('is a rewrite, when one is configured and the path is no JSON', () => {
    const configuration = defineConfiguration({ rewrite: { pattern: '/^\\/old\\/(\\d+)\\/(.*)$/i', substitution: '/fit-in/$1x0/$2' } });
    expect(read('/OLD/300/a/b.jpg', { configuration })).toMatchObject({
      place: { key: 'a/b.jpg' },
      edits: { resize: { width: 300, fit: 'inside' } },
    });
    expect(read('/100x0/a/b.jpg', { configuration })).toMatchObject({ place: { key: 'a/b.jpg' }, edits: { resize: { width: 100 } } });
    expect(read(base64(request), { configuration })).toEqual(decoded);
  });

  it('has the edits of its query in their alphabetical order', () => {
    expect(Object.keys(read('/photo.jpg?width=200&height=0&format=avif&rotate=90').edits)).toEqual(['resize', 'rotate']);
    expect(Object.keys(read('/photo.jpg?rotate=90&height=20&resize.width=10').edits)).toEqual(['resize', 'rotate']);
  });

  it('gives the same answer every time, whatever the flags of the rewrite', () => {
    const configuration = defineConfiguration({ rewrite: { pattern: '/^.x./g', substitution: '/' } });
    expect([1, 2, 3].map(() => nameIn(read('/x/a.jpg', { configuration }).place))).toEqual(['a.jpg', 'a.jpg', 'a.jpg']);
  });

  it('is a path of Thumbor with a known extension, or none', () => {
    expect(nameIn(read('/folder/photo.JPEG').place)).toBe('folder/photo.JPEG');
    expect(nameIn(read('/folder.d/photo').place)).toBe('folder.d/photo');
    expect(refusal('/folder/photo.bmp')).toEqual([400, 'RequestTypeError']);
  });

  it('takes a name that happens to be Base64 for a name', () => {
    expect(nameIn(read('/MTIz').place)).toBe('MTIz');
    expect(nameIn(read('/abcd').place)).toBe('abcd');
  });

  it.each([
    ['JSON that is cut off', `/${Buffer.from('{"key":"a.jpg",').toString('base64')}`, [400, 'DecodeRequest::CannotDecodeRequest']],
    ['JSON without a key', base64({ edits: {} }), [400, 'DecodeRequest::CannotDecodeRequest']],
    ['edits that are no object', base64({ key: 'a.jpg', edits: [1] }), [400, 'DecodeRequest::CannotDecodeRequest']],
    ['no path', '/', [400, 'DecodeRequest::CannotReadPath']],
    ['an escape that is not UTF-8', '/%ff.jpg', [400, 'DecodeRequest::CannotReadPath']],
    ['a path that is too long', `/${'a'.repeat(9000)}`, [400, 'RequestTypeError']],
    ['another bucket', base64({ bucket: 'evil', key: 'a.jpg' }), [403, 'ImageBucket::CannotAccessBucket']],
    ['another bucket in a path', '/s3:evil/a.jpg', [403, 'ImageBucket::CannotAccessBucket']],
    [
      'an overlay from another bucket',
      base64({ key: 'a', edits: { overlayWith: { bucket: 'evil', key: 'b' } } }),
      [403, 'ImageBucket::CannotAccessBucket'],
    ],
    ['a format that cannot be written', base64({ key: 'a', outputFormat: 'heic' }), [400, 'UnsupportedOutputImageFormatException']],
    ['an edit that is not known', base64({ key: 'a', edits: { resise: {} } }), [400, 'ImageEdits::CannotParseEdits']],
    [
      'an edit named as the prototype',
      `/${Buffer.from('{"key":"a","edits":{"__proto__":{"a":1}}}').toString('base64')}`,
      [400, 'ImageEdits::CannotParseEdits'],
    ],
    ['a control character', '/a%00b.jpg', [400, 'DecodeRequest::CannotReadPath']],
    ['a width that is no number', '/a.jpg?width=wide', [400, 'QueryParameterParsingError']],
    ['a size below zero', '/a.jpg?width=-5', [400, 'InvalidResizeException']],
  ])('is refused: %s', (_name, url, expected) => {
    expect(refusal(url)).toEqual(expected);
  });
});

describe('the query', () => {
  it('comes on top, and does away with a whole edit of the path', () => {
    expect(read('/300x400/filters:blur(4)/a.jpg?width=200&height=0&format=avif&rotate=90&grayscale=true&flip=0').edits).toEqual({
      resize: { height: null, width: 200 },
      rotate: 90,
      blur: 2,
      greyscale: true,
    });
    expect(read('/a.jpg?format=jpg').output.format).toBe('jpeg');
  });

  it('is deaf to everything else', () => {
    expect(read('/a.jpg?utm_source=mail&toFormat=png')).toEqual(read('/a.jpg'));
  });
});

describe('the format', () => {
  const browser = 'image/avif,image/webp,image/apng,*/*;q=0.8';
  const autoFormats = ['avif', 'webp'] as const;

  it('is the best that the client takes, where it is left open', () => {
    expect(read('/a.jpg', { autoFormats, accept: browser }).output).toEqual({ format: 'auto', accepts: ['avif', 'webp'] });
    expect(read('/a.jpg', { autoFormats, accept: 'image/webp,*/*' }).output.accepts).toEqual(['webp']);
    expect(read('/a.jpg', { autoFormats, accept: 'image/avif;q=0, image/webp; q=0.5' }).output.accepts).toEqual(['webp']);
    expect(read('/a.jpg', { autoFormats: ['webp'], accept: browser }).output.accepts).toEqual(['webp']);
    expect(read('/a.jpg', { autoFormats }).output.accepts).toEqual([]);
    expect(read('/a.jpg', { accept: browser }).output).toEqual({});
    expect(read('/a.jpg?format=auto', { accept: browser }).output.accepts).toEqual(['avif', 'webp']);
  });

  it('follows toFormat, then what the client takes, then outputFormat, then the options of a format', () => {
    const all = base64({ key: 'a', outputFormat: 'tiff', edits: { jpeg: { quality: 5 }, toFormat: 'png' } });
    expect(read(all, { autoFormats, accept: browser }).output.format).toBe('png');
    const open = base64({ key: 'a', outputFormat: 'tiff', edits: { jpeg: { quality: 5 } } });
    expect(read(open, { autoFormats, accept: browser }).output).toMatchObject({ format: 'auto', otherwise: 'tiff' });
    expect(read(open).output).toEqual({ format: 'tiff', options: { jpeg: { quality: 5 } } });
    expect(read(base64({ key: 'a', edits: { jpeg: { quality: 5 } } })).output.format).toBe('jpeg');
    expect(read(base64({ key: 'a', edits: { jpeg: { quality: 5, force: false } } })).output).toEqual({ options: { jpeg: { quality: 5 } } });
  });

  it.each([
    [2.9, 2],
    ['x', 4],
    [9, 4],
    [null, undefined],
  ])('has the effort of AWS’s solution: %p', (effort, expected) => {
    expect(read(base64({ key: 'a', outputFormat: 'webp', effort })).output.effort).toBe(expected);
  });
});

describe('headers that are asked for', () => {
  it('are those that leave it a picture', () => {
    const headers = {
      'Cache-Control': 'max-age=60',
      'X-Name': 'Zoë',
      'Content-Type': 'text/html',
      'Set-Cookie': 'a=b',
      Location: '/',
      'X-Amz-Date': '1',
    };
    expect(read(base64({ key: 'a', headers })).headers).toEqual({ 'Cache-Control': 'max-age=60', 'X-Name': 'Zo%C3%AB' });
  });

  it.each([
    ['a line break in a name', { 'X-A\r\nSet-Cookie': 'b' }],
    ['half a character', { 'X-A': '\ud800' }],
    ['an object', { 'X-A': {} }],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`X-${index}`, 'a']))],
  ])('are refused: %s', (_name, headers) => {
    expect(refusal(base64({ key: 'a', headers }))).toEqual([400, 'BadRequest']);
  });

  it('have no line breaks in their values', () => {
    expect(read(base64({ key: 'a', headers: { 'X-A': 'b\r\nSet-Cookie: c' } })).headers).toEqual({ 'X-A': 'b%0D%0ASet-Cookie: c' });
  });
});

describe('the signature', () => {
  const known = '/eyJidWNrZXQiOiJ2YWxpZEJ1Y2tldCIsImtleSI6InZhbGlkS2V5IiwiZWRpdHMiOnsidG9Gb3JtYXQiOiJwbmcifX0=';
  const signature = '4d41311006641a56de7bca8abdbda91af254506107a2c7b338a13ca2fa95eac3';
  const signed = (secrets: readonly string[]): Partial<RequestRules> => ({ buckets: ['validBucket'], secrets });

  it('is that of AWS’s solution', () => {
    expect(sign(known, 'secret')).toBe(signature);
    expect(read(`${known}?signature=${signature}`, signed(['secret']))).toMatchObject({
      place: { bucket: 'validBucket', key: 'validKey' },
      output: { format: 'png' },
    });
  });

  it('covers the query but for itself, sorted', () => {
    const url = (hash: string) => `/a.jpg?width=200&signature=${hash}&expires=20260301T120100Z&format=webp`;
    const hash = sign('/a.jpg?expires=20260301T120100Z&format=webp&width=200', 'secret');
    expect(read(url(hash), { secrets: ['secret'] }).expiresInSeconds).toBe(60);
    expect(refusal(url(hash).replace('200', '201'), { secrets: ['secret'] })).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('may be made with either of two secrets, and with no third', () => {
    const of = (secret: string) => `/a.jpg?signature=${sign('/a.jpg', secret)}`;
    expect(refusal(of('new'), { secrets: ['new', 'old'] })).toMatchObject({ place: { key: 'a.jpg' } });
    expect(refusal(of('old'), { secrets: ['new', 'old'] })).toMatchObject({ place: { key: 'a.jpg' } });
    expect(refusal(of('older'), { secrets: ['new', 'old'] })).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('may be of the canonical text: then it holds for every form of the request, and for no other one', () => {
    const request = { edits: { grayscale: true, resize: { width: '300', height: 0 || null } }, key: 'a.jpg' };
    const hash = sign(signedText(read(base64(request))), 'secret');
    for (const url of [
      base64(request),
      base64({ key: 'a.jpg', edits: { resize: { width: 300 }, greyscale: true } }),
      '/a.jpg?width=300&grayscale=1',
    ])
      expect(nameIn(read(`${url}${url.includes('?') ? '&' : '?'}signature=${hash}`, { secrets: ['secret'] }).place)).toBe('a.jpg');
    expect(refusal(`/a.jpg?width=301&grayscale=1&signature=${hash}`, { secrets: ['secret'] })).toEqual([403, 'SignatureDoesNotMatch']);
    // An address without an end cannot be made one with another end.
    expect(refusal(`/a.jpg?width=300&grayscale=1&expires=20300101T000000Z&signature=${hash}`, { secrets: ['secret'] })).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
  });

  it.each(['', 'x', signature.toUpperCase(), signature.slice(1), `${signature}00`])('is refused: %p', (given) => {
    const expected = given === '' ? [400, 'AuthorizationQueryParametersError'] : [403, 'SignatureDoesNotMatch'];
    expect(refusal(`${known}?signature=${given}`, signed(['secret']))).toEqual(expected);
  });

  it('comes before all else that may be wrong', () => {
    expect(refusal(base64({ bucket: 'evil', key: 'a' }) + '?signature=00', { secrets: ['secret'] })).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
  });
});

describe('the expiry', () => {
  it.each([
    ['20260301T120000Z', 0],
    ['20260301T120130Z', 90],
  ])('is told in seconds: %s', (expires, seconds) => {
    expect(read(`/a.jpg?expires=${expires}`).expiresInSeconds).toBe(seconds);
  });

  it.each([
    ['20260301T115959Z', 'ImageRequestExpired'],
    ['20260230T120000Z', 'ImageRequestExpiryFormat'],
    ['2027-01-01', 'ImageRequestExpiryFormat'],
    ['20271301T120000Z', 'ImageRequestExpiryFormat'],
    ['', 'ImageRequestExpiryFormat'],
  ])('is refused: %s', (expires, code) => {
    expect(refusal(`/a.jpg?expires=${expires}`)).toEqual([400, code]);
  });
});
