import { transform } from '../transform/transform.ts';
import { readRequest } from '../request/read-request.ts';
import sharp from 'sharp';
import { toAddresses, type Choice } from './addresses.ts';

const now = () => new Date('2026-11-25T12:00:00Z');
const read = readRequest({ buckets: ['pictures'], autoFormats: ['avif', 'webp'], now });
const nothing: Choice = {
  ...{ key: 'demo/süß & fein.jpg', fit: 'inside', format: 'webp', quality: 60, rotate: 0, blur: 0, sharpen: 0 },
  ...{ flip: false, flop: false, grayscale: false, round: false, smart: false },
};
const toRequest = (address: string, accept = 'image/avif,image/webp') => {
  const { pathname, searchParams } = new URL(address, 'http://images.localhost');
  return read({ path: pathname, query: new Map(searchParams), accept });
};

let source: Uint8Array;
beforeAll(async () => {
  // No two of its corners are alike, so that whatever is turned, cut or mirrored shows.
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient></defs>
  <rect width="96" height="64" fill="url(#g)" fill-opacity=".8"/><circle cx="22" cy="18" r="12" fill="#ff0"/><rect x="60" y="6" width="22" height="9" fill="#0f0"/></svg>`;
  source = await sharp(Buffer.from(svg)).png().toBuffer();
});
const overlay = () => Promise.reject(new Error('Nothing is laid over'));
const make = async (address: string) => {
  const { bytes, format } = await transform({ now, overlay })(source, toRequest(address));
  return { format, pixels: Buffer.from(bytes).toString('base64') };
};

const choices: readonly (readonly [string, Partial<Choice>])[] = [
  ['nothing', {}],
  ['a size', { width: 40, height: 40 }],
  ['one side, whatever the fit', { width: 40, fit: 'cover' }],
  ['cover', { width: 40, height: 40, fit: 'cover' }],
  ['contain, with the background', { width: 40, height: 40, fit: 'contain', background: '#f4c95d' }],
  ['fill', { width: 30, height: 50, fit: 'fill' }],
  ['automatic format', { format: 'auto', width: 40 }],
  ['each other format', { format: 'jpeg', quality: 20, background: '#ffffff' }],
  ['a format without quality', { format: 'png', width: 20 }],
  ['a focal point', { width: 20, height: 60, fit: 'cover', focal: [0.9, 0.2] }],
  ['looks', { grayscale: true, blur: 2.5, sharpen: 3, width: 50 }],
  ['turns', { rotate: 90, width: 40, height: 30, fit: 'cover' }],
  ['an area', { crop: { left: 10, top: 5, width: 40, height: 30 }, width: 20 }],
  ['smart crop', { smart: true, width: 30, height: 30, fit: 'cover', rotate: 90, grayscale: true }],
];
const unsaid: typeof choices = [
  ['mirrors', { flip: true, flop: true, width: 40, rotate: 90 }],
  ['more', { more: { tint: 'red', modulate: { brightness: 2 } }, width: 40, grayscale: true }],
  ['outside', { width: 40, height: 40, fit: 'outside' }],
  ['a circle, with the background', { round: true, background: '#1f5d3f', width: 40, format: 'jpeg' }],
  ['a circle of what was turned and mirrored', { round: true, flip: true, rotate: 90, width: 30, height: 20, fit: 'cover' }],
];

describe('the addresses of a choice', () => {
  it.each(choices)('give the same picture in all three forms: %s', async (_name, change) => {
    const { json, thumbor, query, unsaid: none } = toAddresses({ ...nothing, ...change });
    expect(none).toEqual([]);
    const made = await make(json);
    expect(await make(thumbor)).toEqual(made);
    expect(await make(query)).toEqual(made);
  });

  it.each(unsaid)('give the same picture in two, and say what the third lacks: %s', async (_name, change) => {
    const { json, thumbor, query, unsaid: lacking } = toAddresses({ ...nothing, ...change });
    const made = await make(json);
    expect(await make(query)).toEqual(made);
    expect(await make(thumbor)).not.toEqual(made);
    expect(lacking).not.toEqual([]);
  });

  it.each([...choices.slice(1), ...unsaid])('give a picture that shows it: %s', async (_name, change) => {
    expect(await make(toAddresses({ ...nothing, ...change }).json)).not.toEqual(await make(toAddresses(nothing).json));
  });

  it('fill the corners of a circle with the background', async () => {
    const { pixels } = await make(toAddresses({ ...nothing, round: true, background: '#1f5d3f', format: 'png' }).json);
    const corner = await sharp(Buffer.from(pixels, 'base64')).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer();
    expect([...corner.subarray(0, 3)]).toEqual([0x1f, 0x5d, 0x3f]);
  });

  it('leave the picture in its own format where the format is automatic and nothing else is accepted', () => {
    const { json, thumbor, query } = toAddresses({ ...nothing, format: 'auto' });
    for (const address of [json, thumbor, query])
      expect(toRequest(address, '*/*').output).toMatchObject({ format: 'auto', accepts: [], otherwise: undefined });
  });

  it('are of every form', () => {
    const { json, thumbor, query } = toAddresses({ ...nothing, key: 'a/b c.jpg', width: 300, height: 200 });
    expect(JSON.parse(Buffer.from(json.slice(1), 'base64').toString())).toEqual({
      key: 'a/b c.jpg',
      edits: { resize: { width: 300, height: 200, fit: 'inside' }, webp: { quality: 60 }, toFormat: 'webp' },
    });
    expect(thumbor).toBe('/fit-in/300x200/filters:quality(60):format(webp)/a/b%20c.jpg');
    expect(query).toBe('/filters:quality(60)/a/b%20c.jpg?format=webp&fit=inside&width=300&height=200');
  });

  it('come from the source text alone, which is all that the page has', () => {
    const alone = new Function(`return ${toAddresses.toString()}`)() as typeof toAddresses;
    for (const [, change] of [...choices, ...unsaid])
      expect(alone({ ...nothing, ...change })).toEqual(toAddresses({ ...nothing, ...change }));
  });
});
