import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { askSite } from '@larder/testing/ask-site';
import { eventually } from '@larder/testing/eventually';
import { startLarder, type RunningLarder } from '@larder/testing/larder';
import { signedFetch } from '@larder/testing/signed-fetch';
import sharp from 'sharp';

let larder: RunningLarder;
let s3: S3Client;
const buckets: Record<string, string> = {};

beforeAll(async () => {
  larder = await startLarder({ folder: resolve(import.meta.dirname, '..') });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  s3 = new S3Client({ endpoint: larder.endpoint.replace('localhost', '127.0.0.1'), region: 'us-east-1', credentials });
  for (const { Name = '' } of (await s3.send(new ListBucketsCommand({}))).Buckets ?? []) buckets[Name.split('-')[2] ?? ''] = Name;
  const photo = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#c33' } });
  await put('photo.jpg', await photo.jpeg({ quality: 90 }).toBuffer());
  const pixels = Buffer.from(Array.from({ length: 700 * 500 * 3 }, (_, at) => (at * 7919) % 251));
  await put(
    'noise.png',
    await sharp(pixels, { raw: { width: 700, height: 500, channels: 3 } })
      .png()
      .toBuffer(),
  );
  await put(
    'a b/süß.png',
    await sharp({ create: { width: 40, height: 30, channels: 4, background: '#0c08' } })
      .png()
      .toBuffer(),
  );
}, 120_000);
afterAll(async () => {
  s3.destroy();
  await larder.stop();
});

const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: buckets['pictures'], Key, Body }));

/** Through the distribution, as a browser asks. */
const ask = (path: string, headers: Record<string, string> = {}) => askSite(larder, 'images', path, headers);
const shapeOf = async ({ body }: { body: Buffer }) => {
  const { format, width, height } = await sharp(body).metadata();
  return [format, width, height];
};

describe('pictures through the distribution', () => {
  it('answer to the addresses of AWS’s image solution', async () => {
    const thumbor = await ask('/fit-in/300x400/filters:grayscale():quality(50):format(webp)/photo.jpg');
    expect([thumbor.headers['content-type'], ...(await shapeOf(thumbor))]).toEqual(['image/webp', 'webp', 300, 225]);
    const query = await ask('/photo.jpg?width=200&height=0&format=avif&rotate=90');
    expect([query.headers['content-type'], ...(await shapeOf(query))]).toEqual(['image/avif', 'heif', 150, 200]);
    const edits = { resize: { width: 100, height: 100, fit: 'cover' }, toFormat: 'png' };
    const encoded = Buffer.from(JSON.stringify({ bucket: buckets['pictures'], key: 'photo.jpg', edits })).toString('base64');
    expect(await shapeOf(await ask(`/${encoded}`))).toEqual(['png', 100, 100]);
  });

  it('come in the best format that the client takes, and are computed once for all that take the same', async () => {
    const formats = [];
    for (const accept of ['image/avif,image/webp,*/*', 'image/webp,*/*', '*/*'])
      formats.push((await ask('/300x300/photo.jpg', { accept })).headers['content-type']);
    expect(formats).toEqual(['image/avif', 'image/webp', 'image/jpeg']);
    const again = await ask('/300x300/photo.jpg', { accept: 'text/html,image/webp;q=0.8,image/avif' });
    expect([again.headers['content-type'], again.headers['x-cache']]).toEqual(['image/avif', 'Hit from cloudfront']);
  });

  it('are kept, so that a distribution that has forgotten them has them computed by nobody', async () => {
    const { headers } = await ask('/64x64/photo.jpg?format=png');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: buckets['results'] }));
    expect(Contents.map(({ Key }) => `"${Key?.split('/')[1]}"`)).toContain(headers['etag']);
    expect((await ask('/64x64/photo.jpg?format=png', { 'if-none-match': String(headers['etag']) })).status).toBe(304);
  });

  it('have names of any kind', async () => {
    expect(await shapeOf(await ask(`/${encodeURIComponent('a b')}/${encodeURIComponent('süß')}.png?format=png`))).toEqual(['png', 40, 30]);
  });

  it('are drawn when they are SVG, and never leave as such', async () => {
    const script = '<script>alert(1)</script>';
    await put(
      'mark.svg',
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">${script}<rect width="20" height="10" fill="red"/></svg>`,
      ),
    );
    expect(await shapeOf(await ask('/mark.svg'))).toEqual(['png', 20, 10]);
    expect(await shapeOf(await ask('/mark.svg?width=200&format=webp'))).toEqual(['webp', 200, 100]);
  });

  it('may be larger than what a function could answer at once', async () => {
    const pixels = { width: 3600, height: 3000, channels: 3 } as const;
    const noise = Buffer.allocUnsafe(3600 * 3000 * 3);
    for (let at = 0, block = Buffer.from('seed'); at < noise.length; at += block.copy(noise, at))
      block = createHash('sha512').update(block).digest();
    const large = await sharp(noise, { raw: pixels }).png({ compressionLevel: 0 }).toBuffer();
    expect(large.length).toBeGreaterThan(30_000_000);
    await put('large.png', large);
    const { status, body } = await ask('/large.png?format=png');
    expect([status, body.equals(large)]).toEqual([200, true]);
  }, 60_000);

  it('are refused with what is wrong', async () => {
    for (const [path, status, code] of [
      ['/none.jpg', 404, 'NoSuchKey'],
      ['/eyJidWNrZXQiOiJldmlsIiwia2V5IjoiYS5qcGcifQ==', 403, 'ImageBucket::CannotAccessBucket'],
      ['/photo.jpg?width=9999999', 400, 'InvalidResizeException'],
      ['/filters:blur(9000)/photo.jpg', 400, 'ImageEdits::CannotParseEdits'],
    ] as const) {
      const answer = await ask(path);
      expect([path, answer.status, JSON.parse(answer.body.toString())]).toEqual([path, status, expect.objectContaining({ status, code })]);
    }
  });

  it('have named policies, and the words of the second generation', async () => {
    expect(await shapeOf(await ask('/photo.jpg?policyId=card', { accept: 'image/webp' }))).toEqual(['webp', 600, 450]);
    expect(await shapeOf(await ask('/photo.jpg?extract=[0,0,2000,1000]&resize.width=100&format=png'))).toEqual(['png', 100, 50]);
    const sizes = [];
    for (const dpr of ['1', '3']) sizes.push((await ask('/noise.png?policyId=card&format=jpeg', { 'sec-ch-dpr': dpr })).body.byteLength);
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0);
    expect((await ask('/photo.jpg?policyId=none')).status).toBe(404);
  });

  it('are cut to a face, and blurred where they should not be shown', async () => {
    const face = await sharp({ create: { width: 200, height: 300, channels: 3, background: '#e0ac8c' } })
      .png()
      .toBuffer();
    const scene = sharp({ create: { width: 1000, height: 800, channels: 3, background: '#78aae6' } });
    await put(
      'face.png',
      await scene
        .clone()
        .composite([{ input: face, left: 600, top: 100 }])
        .png()
        .toBuffer(),
    );
    const [format, width = 0, height = 0] = await shapeOf(await ask('/filters:smart_crop(0,0)/face.png?format=png'));
    expect(format).toBe('png');
    expect([Math.abs(Number(width) - 200) < 30, Math.abs(Number(height) - 300) < 30]).toEqual([true, true]);
    const moderated = Buffer.from(JSON.stringify({ key: 'face.png', edits: { contentModeration: true, toFormat: 'png' } })).toString(
      'base64',
    );
    expect((await ask(`/${moderated}`)).status).toBe(200);
  });

  it('are described for a page that waits for them, and can be had in parts', async () => {
    const { headers, body } = await ask('/fit-in/300x400/photo.jpg?format=placeholder');
    expect([headers['content-type'], JSON.parse(body.toString())]).toEqual([
      'application/json',
      { width: 300, height: 225, color: '#c83838', blurhash: expect.any(String), lqip: expect.stringContaining('data:image/webp;base64,') },
    ]);
    const part = await ask('/photo.jpg?format=jpeg', { range: 'bytes=0-9' });
    expect([part.status, part.body.length]).toEqual([206, 10]);
  });

  it('are given by the function to the distribution only', async () => {
    const [host] = /[a-z0-9]+\.lambda-url\.localhost:\d+/.exec(await (await fetch(`${larder.endpoint}/_local/logs`)).text()) ?? [];
    expect(host).toBeDefined();
    expect((await ask('/photo.jpg', { host: String(host) })).status).toBe(403);
  });
});

describe('a picture that is brought', () => {
  const listed = async (bucket: string, Prefix: string) =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: buckets[bucket], Prefix }))).Contents ?? []).map(({ Key = '' }) => Key);
  const bring = async (subject: string, bytes: Uint8Array) => {
    const asked = JSON.stringify({ collection: 'products', subject, contentType: 'image/jpeg' });
    const init = { method: 'POST', body: asked, headers: { 'content-type': 'application/json' } };
    const answer = await signedFetch(`${larder.gateway}/images/uploads`, init);
    const { url, fields } = (await answer.json()) as { url: string; fields: Record<string, string> };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([Buffer.from(bytes)]));
    return fetch(url, { method: 'POST', body: form });
  };
  const gone = (subject: string) =>
    eventually('the upload to be taken', async () => (await listed('uploads', `products/${subject}/`)).length === 0 || undefined);

  it('is served without what the camera knew, and nothing of the upload stays', async () => {
    const photo = sharp({ create: { width: 1200, height: 900, channels: 3, background: '#3c6' } });
    const gps = { IFD0: { Model: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 22/1 0/1' } };
    expect((await bring('pear', await photo.withExif(gps).jpeg().toBuffer())).status).toBe(204);
    await gone('pear');
    const [key = ''] = await listed('pictures', 'products/pear/');
    const picture = await ask(`/${key}?format=jpeg`);
    const { width, height, exif } = await sharp(picture.body).metadata();
    expect([picture.status, width, height, exif]).toEqual([200, 1200, 900, undefined]);
  });

  it('is refused when it is none, and by nobody signed at all', async () => {
    expect((await bring('script', Buffer.from('<html><script>alert(1)</script></html>'))).status).toBe(204);
    await gone('script');
    expect(await listed('pictures', 'products/script/')).toEqual([]);
    expect((await fetch(`${larder.gateway}/images/uploads`, { method: 'POST' })).status).toBe(403);
  });

  it('is made again after it was purged, and the distribution has forgotten it', async () => {
    const path = '/32x32/photo.jpg?format=png';
    const { headers } = await ask(path);
    expect((await ask(path)).headers['x-cache']).toBe('Hit from cloudfront');
    const folder = (await listed('results', '')).find((key) => `"${key.split('/')[1]}"` === headers['etag'])?.split('/')[0];
    const body = JSON.stringify({ keys: ['photo.jpg'] });
    const purge = await signedFetch(`${larder.gateway}/images/purges`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(((await purge.json()) as { results: number }).results).toBeGreaterThan(0);
    expect(await listed('results', `${folder}/`)).toEqual([]);
    expect((await ask(path)).headers['x-cache']).toBe('Miss from cloudfront');
  });
});
