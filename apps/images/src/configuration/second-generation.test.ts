import { ImageError } from '../image-error.ts';
import { type Incoming, isMapped, readRequest, type RequestRules } from '../request/read-request.ts';
import { defineConfiguration } from './define-configuration.ts';

const configuration = defineConfiguration({
  origins: {
    shop: { url: 'https://cdn.shop.example/pictures' },
    archive: { bucket: 'logos', path: '/old' },
    photos: {},
  },
  mappings: [
    { path: '/shop/*', origin: 'shop', policy: 'card' },
    { path: '/shop/archive/*', origin: 'archive' },
    { path: '/photos/', origin: 'photos' },
    { host: 'img.shop.example', origin: 'shop' },
    { host: '*.archive.example', origin: 'archive' },
  ],
  policies: {
    card: {
      transformations: [
        { transformation: 'resize', value: { width: 400 } },
        { transformation: 'grayscale', value: true },
      ],
    },
    small: {
      transformations: [{ transformation: 'resize', value: { width: 100, fit: 'inside' } }],
      outputs: [{ type: 'quality', value: [70] }],
    },
    round: { edits: { resize: { width: 90, height: 90 }, roundCrop: true } },
    dense: { outputs: [{ type: 'quality', value: [80, [1.5, 2.5, 60], [2.5, 9, 40]] }] },
    fluid: { outputs: [{ type: 'autosize', value: [960, 320, 640] }] },
    modern: { outputs: [{ type: 'format', value: 'auto' }] },
    forSome: {
      transformations: [
        { transformation: 'blur', value: 3, condition: { field: 'dit-accept', value: ['image/webp'] } },
        { transformation: 'tint', value: 'red', condition: { field: 'host', value: 'img.shop.example' } },
        { transformation: 'flip', value: true, condition: { field: 'dpr', value: [2, 3] } },
      ],
    },
    usual: { transformations: [{ transformation: 'quality', value: 75 }] },
  },
  defaultPolicy: 'usual',
});
const rules: RequestRules = { buckets: ['pictures', 'logos'], configuration, now: () => new Date('2026-03-01T12:00:00Z') };

function read(url: string, client: Omit<Incoming, 'path' | 'query'> = {}, more: Partial<RequestRules> = {}) {
  const { pathname, searchParams } = new URL(url, 'http://images');
  return readRequest({ ...rules, ...more })({ path: pathname, query: new Map(searchParams), ...client });
}
function refusal(url: string, more: Partial<RequestRules> = {}): unknown {
  try {
    return read(url, {}, more);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return [error.status, error.code];
  }
}

describe('a mapping', () => {
  it('leads to an origin, by the longest path', () => {
    expect(read('/shop/a%20b.jpg').place).toEqual({ url: 'https://cdn.shop.example/pictures/shop/a%20b.jpg' });
    expect(read('/shop/archive/a%20b.jpg').place).toEqual({ bucket: 'logos', key: 'old/shop/archive/a b.jpg' });
    expect(read('/photos/x').place).toEqual({ bucket: 'pictures', key: 'photos/x' });
  });

  it('by its host comes before one by its path', () => {
    expect(read('/shop/a.jpg', { host: 'deep.archive.example:443' }).place).toEqual({ bucket: 'logos', key: 'old/shop/a.jpg' });
    expect(read('/a.jpg', { host: 'IMG.shop.example' }).place).toEqual({ url: 'https://cdn.shop.example/pictures/a.jpg' });
  });

  it('is none of requests of the first generation', () => {
    const [json, client] = [`/${Buffer.from('{"key":"a.jpg"}').toString('base64')}`, { host: 'img.shop.example' }];
    expect(read(json, client).place).toEqual({ bucket: 'pictures', key: 'a.jpg' });
    expect(read('/200x300/a.jpg')).toMatchObject({ place: { bucket: 'pictures' }, edits: { resize: { width: 200 } }, output: {} });
    const mapped = (path: string) => isMapped({ path, query: new Map(), ...client }, configuration);
    expect([mapped(json), mapped('/a.jpg')]).toEqual([false, true]);
  });

  it.each(['/shop/../../etc/passwd', '/shop/%2e%2e/%2e%2e/x', '/shop/..%5c..%5c..%5cx'])('leads nowhere else: %s', (path) => {
    const { place } = readRequest(rules)({ path: '/shop/a.jpg', query: new Map() });
    expect(place.url).toBeDefined();
    try {
      expect(readRequest(rules)({ path, query: new Map() }).place.url).toMatch(/^https:\/\/cdn\.shop\.example\/pictures\//);
    } catch (error) {
      expect(error).toMatchObject({ code: 'DecodeRequest::CannotReadPath' });
    }
  });
});

describe('a policy', () => {
  it('is the one in the query, or the mapping’s, or the default one', () => {
    expect(read('/shop/a.jpg').edits).toEqual({ resize: { width: 400 }, greyscale: true });
    expect(read('/shop/a.jpg?policyId=small')).toMatchObject({ edits: { resize: { width: 100 } }, output: { quality: 70 } });
    expect(read('/photos/a')).toMatchObject({ edits: {}, output: { quality: 75 } });
  });

  it('may be asked for by any form of request', () => {
    expect(Object.keys(read('/a.jpg?policyId=round').edits)).toEqual(['resize', 'roundCrop']);
    expect(refusal('/a.jpg?policyId=none')).toEqual([404, 'NoSuchPolicy']);
    expect(refusal('/a.jpg?policyId=__proto__')).toEqual([404, 'NoSuchPolicy']);
  });

  it('gives way to what the address says', () => {
    expect(read('/shop/a.jpg?resize.height=50&grayscale=false&quality=33')).toMatchObject({
      edits: { resize: { height: 50 } },
      output: { quality: 33 },
    });
    expect(read('/shop/a.jpg?resize.height=50&grayscale=false').edits).toEqual({ resize: { height: 50 } });
  });

  it('makes only what its conditions hold for', () => {
    const made = (client: Omit<Incoming, 'path' | 'query'>) => Object.keys(read('/a.jpg?policyId=forSome', client).edits);
    expect(made({})).toEqual([]);
    expect(made({ accept: 'image/avif,image/webp' })).toEqual(['blur']);
    expect(made({ dpr: 2 })).toEqual(['flip']);
    expect(made({ host: 'img.shop.example' })).toEqual(['tint']);
    expect(read('/a.jpg?policyId=forSome').hints).toEqual(['sec-ch-dpr']);
  });

  it('has the quality for the screen, and the width for the viewport', () => {
    const quality = (dpr?: number) => read('/a.jpg?policyId=dense', { dpr }).output.quality;
    expect([quality(), quality(1), quality(1.5), quality(2.5), quality(20)]).toEqual([80, 80, 60, 40, 80]);
    const width = (viewportWidth?: number) => read('/a.jpg?policyId=fluid', { viewportWidth }).edits.resize?.width;
    expect([width(), width(300), width(320), width(700), width(2000)]).toEqual([undefined, 320, 640, 960, 960]);
    expect(read('/a.jpg?policyId=fluid&resize.width=111', { viewportWidth: 300 }).edits.resize).toEqual({ width: 111 });
    expect(read('/a.jpg?policyId=modern', { accept: 'image/webp' }).output).toMatchObject({ format: 'auto', accepts: ['webp'] });
  });

  it('is the only way where only policies may be asked for', () => {
    const only = { policiesOnly: true };
    expect(read('/a.jpg?policyId=small', {}, only).edits.resize?.width).toBe(100);
    expect(read('/a.jpg', {}, only).edits).toEqual({});
    const json = `/${Buffer.from('{"key":"a.jpg","edits":{"blur":3}}').toString('base64')}`;
    for (const url of ['/10x10/a.jpg', '/a.jpg?width=1', '/a.jpg?policyId=small&quality=1', '/filters:quality(3)/a.jpg', json])
      expect(refusal(url, only)).toEqual([403, 'PolicyRequired']);
  });
});

describe('transformations in a query', () => {
  it.each<[string, object]>([
    ['resize.width=800&format=auto', { resize: { width: 800 } }],
    ['resize.width=800&resize.fit=cover&resize.background=f00', { resize: { width: 800, fit: 'cover', background: '#f00' } }],
    ['resize.ratio=0.5', { resize: { ratio: 0.5 } }],
    ['extract=[10,20,110,220]', { extract: { left: 10, top: 20, width: 100, height: 200 } }],
    ['blur=2.5', { blur: 2.5 }],
    ['flatten=[255,0,0,0.5]', { flatten: { background: { r: 255, g: 0, b: 0, alpha: 0.5 } } }],
    ['flip=true&flop=false', { flip: true }],
    ['normalize=true', { normalise: true }],
    ['rotate=450', { rotate: 450 }],
    ['sharpen=true', { sharpen: true }],
    ['sharpen.sigma=2&sharpen.m1=1', { sharpen: { sigma: 2, m1: 1 } }],
    ['smartCrop=true', { smartCrop: {} }],
    ['smartCrop=true&smartCrop.index=1&smartCrop.padding=20', { smartCrop: { faceIndex: 1, padding: 20 } }],
    ['tint=teal', { tint: 'teal' }],
    [
      'convolve.width=3&convolve.height=3&convolve.kernel=[0,0,0,0,1,0,0,0,0]',
      { convolve: { width: 3, height: 3, kernel: [0, 0, 0, 0, 1, 0, 0, 0, 0] } },
    ],
    ['animated=false', { animated: false }],
    ['stripExif=true&stripIcc=true&utm_source=x', {}],
    ['focal=0.2,0.8&width=10&height=10', { resize: { width: 10, height: 10, focal: [0.2, 0.8] } }],
    [
      'watermark=["cdn.shop.example/pictures/logo.png",[10,-10p,0.5,0.2]]',
      {
        overlayWith: [
          { place: { url: 'https://cdn.shop.example/pictures/logo.png' }, alpha: 50, wRatio: 20, options: { left: 10, top: '-10p' } },
        ],
      },
    ],
    [
      'watermark=[https://cdn.shop.example/pictures/logo.png,[10,10,null,0.2,0.1]]',
      {
        overlayWith: [
          { place: { url: 'https://cdn.shop.example/pictures/logo.png' }, wRatio: 20, hRatio: 10, options: { left: 10, top: 10 } },
        ],
      },
    ],
  ])('are edits: %s', (query, edits) => {
    expect(JSON.parse(JSON.stringify(read(`/a.jpg?${query}`).edits))).toEqual(edits);
  });

  it('are made in one order, whatever theirs', () => {
    const asked = ['blur=2', 'resize.width=8', 'extract=[0,0,9,9]', 'smartCrop=true'];
    for (const query of [asked, asked.toReversed()])
      expect(Object.keys(read(`/photos/a?${query.join('&')}`).edits)).toEqual(['smartCrop', 'extract', 'resize', 'blur']);
  });

  it.each([
    ['watermark=["evil.example/logo.png",[0,0]]', 403, 'ImageBucket::CannotAccessBucket'],
    ['watermark=["cdn.shop.example/other/logo.png",[0,0]]', 403, 'ImageBucket::CannotAccessBucket'],
    ['watermark=["cdn.shop.example:8443/pictures/logo.png",[0,0]]', 403, 'ImageBucket::CannotAccessBucket'],
    ['watermark=true', 400, 'OverlayImageException'],
    ['resize.width=wide', 400, 'InvalidResizeException'],
    ['resize.create=9', 400, 'InvalidResizeException'],
    ['extract=[1,2]', 400, 'ImageEdits::CannotParseEdits'],
    ['blur=9000', 400, 'ImageEdits::CannotParseEdits'],
    ['quality=high', 400, 'ImageEdits::CannotParseEdits'],
    ['policyId=card&tint=[1,2]', 400, 'ImageEdits::CannotParseEdits'],
  ])('are refused: %s', (query, status, code) => {
    expect(refusal(`/a.jpg?${query}`)).toEqual([status, code]);
  });
});

describe('a configuration', () => {
  it.each<[string, Parameters<typeof defineConfiguration>[0], RegExp | string]>([
    ['an origin without TLS', { origins: { a: { url: 'http://a.example' } } }, /url/i],
    ['an origin by its address', { origins: { a: { url: 'https://10.0.0.1' } } }, /url/i],
    ['an origin on this machine', { origins: { a: { url: 'https://localhost' } } }, /url/i],
    ['a mapping to nowhere', { mappings: [{ path: '/a', origin: 'a' }] }, 'has no origin “a”'],
    ['a mapping through nothing', { origins: { a: {} }, mappings: [{ path: '/a', origin: 'a', policy: 'p' }] }, 'has no policy “p”'],
    ['a default that is not there', { defaultPolicy: 'p' }, 'has no policy “p”'],
    [
      'an unknown transformation',
      { policies: { p: { transformations: [{ transformation: 'explode', value: 1 }] } } },
      '“p” cannot be used',
    ],
    ['an edit of a wrong shape', { policies: { p: { edits: { blur: 900 } } } }, '“p” cannot be used'],
  ])('with %s is refused when the function starts', (_name, written, message) => {
    expect(() => defineConfiguration(written)).toThrow(message);
  });

  it('is the one that is deployed', async () => {
    const { configuration: deployed } = await import('../configuration.ts');
    expect([...deployed.policies.keys()]).toEqual(['card', 'avatar']);
  });
});
