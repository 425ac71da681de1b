import { ImageError } from '../image-error.ts';
import { nameIn } from '../request/place.ts';
import { readRequest } from '../request/read-request.ts';
import type { Made } from '../transform/transform.ts';
import { serveImage, type ImageQuestion, type ServeImageDeps, type Source } from './serve-image.ts';

const now = () => new Date('2026-11-25T12:00:00Z');
const picture: Made = {
  bytes: new Uint8Array([1, 2, 3]),
  contentType: 'image/webp',
};

function world(change: Partial<ServeImageDeps> = {}) {
  const sources = new Map<string, Source>([
    ['a.jpg', { etag: '"1"', bytes: 4, lastModified: new Date('2026-11-01T00:00:00Z') }],
    ['mark.png', { etag: '"m"', bytes: 2 }],
  ]);
  const kept = new Map<string, Made>();
  const computed: string[] = [];
  const reported: unknown[] = [];
  const serve = serveImage({
    readRequest: async (incoming) => readRequest({ buckets: ['pictures'], autoFormats: ['avif', 'webp'], now })(incoming),
    findSource: async (place) => {
      const source = sources.get(nameIn(place));
      if (!source) throw new ImageError('NoSuchKey', 'There is no such picture.');
      return source;
    },
    readSource: async () => new Uint8Array([9, 9, 9, 9]),
    findResult: async (_place, name) => kept.get(name),
    keepResult: async (_place, name, result) => void kept.set(name, result),
    make: async (_bytes, { place }) => (computed.push(nameIn(place)), picture),
    fallback: undefined,
    isMapped: ({ path }) => path.startsWith('/shop/'),
    report: (error) => reported.push(error),
    ...change,
  });
  const ask = (path: string, rest: Partial<ImageQuestion> = {}) => serve({ method: 'GET', path, query: new Map(), ...rest });
  return { ask, sources, kept, computed, reported };
}
const json = (body: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(body));

describe('serving a picture', () => {
  it('computes it once, and then gives what was kept', async () => {
    const { ask, computed } = world();
    const first = await ask('/fit-in/3x2/a.jpg');
    const second = await ask('/fit-in/3x2/a.jpg');
    expect(first).toMatchObject({ status: 200, body: picture.bytes, headers: { 'content-type': 'image/webp', vary: 'accept' } });
    expect(second).toEqual(first);
    expect(computed).toEqual(['a.jpg']);
  });

  it('computes it once for all who ask at the same time, and again for the next when that failed', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const computed: string[] = [];
    const { ask } = world({
      findResult: async () => undefined,
      make: async (_bytes, { place }) => {
        computed.push(nameIn(place));
        await gate;
        if (computed.length === 1) throw new ImageError('TimeoutException', 'It took too long.');
        return picture;
      },
    });
    const atOnce = Array.from({ length: 100 }, () => ask('/fit-in/3x2/a.jpg'));
    open();
    expect(new Set((await Promise.all(atOnce)).map(({ status }) => status))).toEqual(new Set([503]));
    expect([(await ask('/fit-in/3x2/a.jpg')).status, computed.length]).toEqual([200, 2]);
  });

  it('computes it anew when the picture, or one that is laid over it, has changed', async () => {
    const { ask, computed, sources } = world();
    const edits = { overlayWith: { bucket: 'pictures', key: 'mark.png' } };
    const path = `/${Buffer.from(JSON.stringify({ key: 'a.jpg', edits })).toString('base64')}`;
    await ask(path);
    sources.set('mark.png', { etag: '"n"', bytes: 2 });
    await ask(path);
    sources.set('a.jpg', { etag: '"2"', bytes: 4 });
    await ask(path);
    await ask(path);
    expect(computed).toHaveLength(3);
  });

  it('keeps apart what clients take that take different formats', async () => {
    const { ask, kept } = world();
    const tags = [];
    for (const accept of ['image/avif,image/webp', 'image/webp', 'image/webp,text/html'])
      tags.push((await ask('/a.jpg', { accept })).headers['etag']);
    expect([new Set(tags).size, kept.size]).toEqual([2, 2]);
  });

  it('does not keep what is handed on as it is', async () => {
    const { ask, kept } = world({ make: async (bytes) => ({ ...picture, bytes }) });
    expect((await ask('/a.jpg', { query: new Map([['format', 'jpeg']]) })).headers).not.toHaveProperty('vary');
    expect(kept.size).toBe(0);
  });

  it('answers 304 without reading or computing anything to who has it', async () => {
    const { ask, computed } = world();
    const { headers } = await ask('/a.jpg');
    computed.length = 0;
    const again = await ask('/a.jpg', { ifNoneMatch: `"other", W/${headers['etag']}` });
    expect(again).toMatchObject({
      status: 304,
      headers: { vary: 'accept', etag: headers['etag'], 'last-modified': 'Sun, 01 Nov 2026 00:00:00 GMT' },
    });
    expect(again.body).toBeUndefined();
    expect(computed).toEqual([]);
  });

  it('lets the object say how long it is good, and an address that expires say it first', async () => {
    const { ask, sources } = world();
    sources.set('a.jpg', { etag: '"1"', bytes: 4, cacheControl: 'max-age=60' });
    expect((await ask('/a.jpg')).headers['cache-control']).toBe('max-age=60');
    const query = new Map([['expires', '20261125T120500Z']]);
    expect((await ask('/a.jpg', { query })).headers['cache-control']).toBe('max-age=300,public');
  });

  it('is never taken for a page, whatever headers are asked for', async () => {
    const { ask } = world();
    const headers = { 'Content-Security-Policy': 'default-src *', 'X-Team': 'fruit', ETag: 'mine' };
    const answer = await ask(`/${Buffer.from(JSON.stringify({ key: 'a.jpg', headers })).toString('base64')}`);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-team': 'fruit' });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['etag']).toMatch(/^"[0-9a-f]{64}"$/);
  });
});

describe('a picture that cannot be served', () => {
  it.each([
    ['/none.jpg', 'GET', 404, 'NoSuchKey'],
    ['/', 'GET', 400, 'DecodeRequest::CannotReadPath'],
    ['/a.jpg', 'POST', 400, 'RequestTypeError'],
  ])('%s by %s is %d %s', async (path, method, status, code) => {
    const { ask, reported } = world();
    const answer = await ask(path, { method });
    expect([answer.status, json(answer.body)]).toEqual([status, { status, code, message: expect.any(String) as string }]);
    expect(reported).toEqual([]);
  });

  it('shows nothing of what went wrong on our side, and reports it', async () => {
    const { ask, reported } = world({ make: () => Promise.reject(new Error('secret detail')) });
    const answer = await ask('/a.jpg');
    expect(json(answer.body)).toMatchObject({ status: 500, code: 'InternalError' });
    expect(JSON.stringify(json(answer.body))).not.toContain('secret');
    expect(reported).toHaveLength(1);
  });

  it('has another in its place, with the status that says so; and when that cannot be served either, the error', async () => {
    const fallback = { bucket: 'pictures', key: 'mark.png' };
    expect(await world({ fallback }).ask('/none.jpg')).toMatchObject({
      status: 404,
      headers: { 'content-type': 'image/webp' },
      body: picture.bytes,
    });
    const { ask, sources } = world({ fallback });
    sources.delete('mark.png');
    expect(json((await ask('/none.jpg')).body)).toMatchObject({ code: 'NoSuchKey' });
  });
});

describe('an error of the second generation', () => {
  it.each([
    ['/shop/none.jpg', 404, 'RESOURCE_NOT_FOUND', {}],
    ['/shop/a.jpg', 400, 'VALIDATION_ERROR', { query: new Map([['width', 'x']]) }],
    ['/shop/s3:evil/a.jpg', 403, 'ACCESS_DENIED', {}],
  ])('has its own shape: %s is %d %s', async (path, status, error, rest) => {
    const { ask } = world();
    const answer = await ask(path, { ...rest, requestId: 'r-1' });
    expect([answer.status, json(answer.body)]).toEqual([status, { error, message: expect.any(String), requestId: 'r-1' }]);
  });

  it.each([
    ['InstantiationError', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['TimeoutException', 504, 'RequestTimeout'],
    ['BadGateway', 502, 'BAD_GATEWAY'],
    ['TooLargeImageException', 413, 'VALIDATION_ERROR'],
    ['ProcessingFailure', 500, 'INTERNAL_ERROR'],
  ] as const)('%s is %d %s', async (code, status, error) => {
    const { ask } = world({ findSource: () => Promise.reject(new ImageError(code, 'So it is.')) });
    const answer = await ask('/shop/a.jpg');
    expect([answer.status, json(answer.body)]).toMatchObject([status, { error, message: 'So it is.' }]);
  });
});

describe('a part of a picture', () => {
  const part = (range: string, ifRange?: string) => world().ask('/a.jpg', { range, ifRange });
  it('is what the range says', async () => {
    const { status, headers, body } = await part('bytes=1-9');
    expect([status, headers['content-range'], headers['content-length'], ...(body ?? [])]).toEqual([206, 'bytes 1-2/3', '2', 2, 3]);
    expect(await part('bytes=-1')).toMatchObject({ status: 206, body: new Uint8Array([3]) });
  });

  it('behind its end is none', async () => {
    const { status, headers, body } = await part('bytes=3-');
    expect([status, headers['content-range'], body]).toEqual([416, 'bytes */3', undefined]);
  });

  it.each([
    ['several ranges', 'bytes=0-0,2-2', undefined],
    ['another unit', 'pixels=0-1', undefined],
    ['no range', 'bytes=x', undefined],
    ['a part of another picture', 'bytes=1-', '"other"'],
  ])('is the whole picture where it is %s', async (_name, range, ifRange) => {
    expect(await part(range, ifRange)).toMatchObject({ status: 200, body: picture.bytes });
  });

  it('goes on where it was, as long as the picture is the same', async () => {
    const { headers } = await world().ask('/a.jpg');
    expect((await part('bytes=1-', headers['etag'])).status).toBe(206);
  });
});
