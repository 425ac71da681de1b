import { decode, isBlurhashValid } from 'blurhash';
import { parseEdits } from '../edits/edits.ts';
import type { Placeholder } from './describe.ts';
import { sharp } from './libvips.ts';
import { halves, plain } from './pictures.fixture.ts';
import { placeholder } from './transform.ts';

const ports = { now: () => new Date(0), overlay: () => Promise.reject(new Error('there is no overlay')) };
const of = async (bytes: Uint8Array, edits: object = {}) => {
  const made = await placeholder(ports)(bytes, { edits: parseEdits(edits).edits });
  expect(made.contentType).toBe('application/json');
  return JSON.parse(new TextDecoder().decode(made.bytes)) as Placeholder;
};

describe('a placeholder', () => {
  it('tells the size of the picture, its colour, and how it looks from afar', async () => {
    const { width, height, blurhash, lqip, color } = await of(await halves.clone().png().toBuffer());
    expect([width, height, isBlurhashValid(blurhash).result]).toEqual([120, 80, true]);
    expect(['#ff0000', '#0000ff', '#f80808', '#0808f8']).toContain(color);
    const pixels = decode(blurhash, 12, 8);
    expect(pixels[0]).toBeGreaterThan(200);
    expect(pixels.at(-2)).toBeGreaterThan(200);
    const { format, width: small } = await sharp(Buffer.from(lqip.split(',')[1] ?? '', 'base64')).metadata();
    expect([lqip.length < 400, format, small]).toEqual([true, 'webp', 16]);
  });

  it('is of the picture as it was asked for', async () => {
    const red = await of(await halves.clone().png().toBuffer(), {
      crop: { left: 0, top: 0, width: 60, height: 80 },
      resize: { width: 30 },
    });
    expect([red.width, red.height, red.color.slice(3)]).toEqual([30, 40, expect.stringMatching(/^0[0-9]0[0-9]$/)]);
  });

  it('can be of a line, and of nothing at all', async () => {
    expect(await of(await plain(900, 1, 'white').png().toBuffer())).toMatchObject({ width: 900, height: 1 });
    expect(await of(await plain(9, 9, { r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer())).toMatchObject({ color: '#f8f8f8' });
  });
});
