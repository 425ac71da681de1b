import { Unprocessable } from '@larder/service/errors';
import { ImageError } from '../image-error.ts';
import { halves, svg, upright } from '../transform/pictures.fixture.ts';
import { sharp } from '../transform/libvips.ts';
import { addressOf } from './address-of.ts';
import { remake } from './remake.ts';
import { takeUpload, type TakeUploadDeps, type Upload } from './take-upload.ts';

const time = new Date('2026-11-02T09:30:01.000Z');
const cause = { correlationId: 'm', causationId: 'r' };
const key = 'products/apple/01JZ8Q4T9V6W2X3Y4Z5A6B7C8D';
const notice = { bucket: 'uploads', key, bytes: 1, etag: 'e', time, cause };

function world(bytes: Uint8Array | undefined, change: Partial<TakeUploadDeps> = {}) {
  const uploads = new Map<string, Upload>([[key, { key, etag: 'e', bytes }]]);
  const pictures = new Map<string, Uint8Array>();
  const said: unknown[] = [];
  const take = takeUpload({
    read: async (name) => uploads.get(name),
    remake: remake(() => time),
    keep: async (name, picture) => void pictures.set(name, picture.bytes),
    addressOf: async (name, size) => addressOf(name, size, { address: 'https://images.example', secrets: [] }),
    sayAdded: async (news) => void said.push(news),
    sayRefused: async (news) => void said.push(news),
    forget: async (upload) => void uploads.delete(upload.key),
    ...change,
  });
  return { take, uploads, pictures, said };
}

describe('an upload', () => {
  it('becomes a picture that is served, with nothing in it but what is seen, and is announced', async () => {
    const { take, uploads, pictures, said } = world(upright);
    await take(notice);
    const [[name = '', bytes = new Uint8Array()] = []] = [...pictures];
    expect(name).toMatch(/^products\/apple\/[0-9a-f]{32}\.jpg$/);
    const { exif, orientation, width, height } = await sharp(bytes).metadata();
    expect([exif, orientation, width, height]).toEqual([undefined, undefined, 80, 120]);
    const url = `https://images.example/fit-in/600x600/filters:no_upscale()/${name}`;
    const data = { collection: 'products', subject: 'apple', key: name, image: { url, width: 80, height: 120 } };
    expect(said).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{32}$/), time, cause, data }]);
    expect(uploads.size).toBe(0);
  });

  it('that is taken twice becomes the same picture, and the same word', async () => {
    const twice = world(upright, { forget: async () => undefined });
    await twice.take(notice);
    await twice.take(notice);
    expect(twice.pictures.size).toBe(1);
    expect(twice.said[1]).toEqual(twice.said[0]);
  });

  it('stays until everything is said', async () => {
    const { take, uploads } = world(upright, { sayAdded: () => Promise.reject(new Error('no bus')) });
    await expect(take(notice)).rejects.toThrow('no bus');
    expect(uploads.size).toBe(1);
  });

  it('is its own format, and an SVG a drawing of it', async () => {
    const png = world(await halves.clone().png().toBuffer());
    await png.take(notice);
    const drawn = world(svg('<script>alert(1)</script><rect width="50" height="50" fill="red"/>'));
    await drawn.take(notice);
    for (const { pictures } of [png, drawn]) expect([...pictures.keys()][0]).toMatch(/\.png$/);
  });

  it.each<[string, Uint8Array | undefined, string]>([
    ['no picture', Buffer.from('<html><script>alert(1)</script>'), 'InstantiationError'],
    ['half a picture', upright.subarray(0, 300), 'InstantiationError'],
    ['larger than may be', undefined, 'TooLargeImageException'],
  ])('that is %s is refused, and deleted', async (_name, bytes, code) => {
    const { take, uploads, pictures, said } = world(bytes);
    await take(notice);
    expect(said).toEqual([expect.objectContaining({ data: expect.objectContaining({ collection: 'products', subject: 'apple', code }) })]);
    expect([uploads.size, pictures.size]).toEqual([0, 0]);
  });

  it('is tried again when it is not its fault', async () => {
    const { take, uploads, said } = world(upright, { remake: () => Promise.reject(new ImageError('TimeoutException', 'Too slow.')) });
    await expect(take(notice)).rejects.toThrow('Too slow.');
    expect([uploads.size, said.length]).toEqual([1, 0]);
  });

  it('that is gone was taken already; one that no form was for is a dead letter', async () => {
    const { take, said } = world(undefined);
    await take({ ...notice, key: 'products/apple/other' });
    expect(said).toEqual([]);
    await expect(take({ ...notice, key: 'elsewhere.jpg' })).rejects.toThrow(Unprocessable);
  });
});

describe('the address of a picture', () => {
  it('is signed where addresses are, and says the size that the picture has there', () => {
    const signed = addressOf(
      'products/apple/1.jpg',
      { width: 4000, height: 3000 },
      { address: 'https://images.example', secrets: ['secret'] },
    );
    expect(signed).toMatchObject({ width: 600, height: 450 });
    const named = addressOf('a/b/1.jpg', { width: 40, height: 30 }, { address: 'https://images.example', bucket: 'pictures', secrets: [] });
    expect(named).toEqual({
      url: 'https://images.example/fit-in/600x600/filters:no_upscale()/s3:pictures/a/b/1.jpg',
      width: 40,
      height: 30,
    });
    const { searchParams } = new URL(signed.url);
    expect(searchParams.get('signature')).toMatch(/^[0-9a-f]{64}$/);
  });
});
