import { createCipheriv } from 'node:crypto';
import sharp from 'sharp';
import type { Pictures } from './cases.ts';

/** The same pictures in every run: soft colours, shapes of every size, and grain, as a camera sees them. A flat colour would flatter every encoder. */
export async function makePictures(): Promise<Pictures> {
  const [width, height] = [4000, 3000];
  const photo = await scene(width, height);
  const frames = Array.from({ length: 24 }, (_, index) => {
    const window = { left: index * 40, top: index * 20, width: 1920, height: 1080 };
    return sharp(photo, { raw: { width, height, channels: 3 } })
      .extract(window)
      .resize(480)
      .png()
      .toBuffer();
  });
  const logo =
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="300"><rect width="800" height="300" rx="80" fill="#162" fill-opacity="0.8"/>' +
    '<circle cx="200" cy="150" r="110" fill="#fc3"/><path d="M360 210 L480 90 L600 210 L720 90" stroke="#fff" stroke-width="40" fill="none"/></svg>';
  return {
    'photo.jpg': await sharp(photo, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 88 })
      .toBuffer(),
    'logo.png': await sharp(Buffer.from(logo)).png().toBuffer(),
    'loop.gif': await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif({ delay: Array(24).fill(80) as number[], loop: 0, effort: 1 })
      .toBuffer(),
    'notes.jpg': Buffer.from('Bread, butter, apples.\n'.repeat(1000)),
  };
}

/** Large soft shapes in colours, and ever smaller ones of light and shade over them: the smaller the shape, the weaker, as in nature. */
async function scene(width: number, height: number): Promise<Buffer> {
  const colours = await enlarged({ columns: 8, channels: 3, strength: 0.6 }, [width, height]);
  const strengths: readonly (readonly [columns: number, strength: number])[] = [
    [32, 0.3],
    [125, 0.2],
    [500, 0.12],
    [2000, 0.08],
    [width, 0.05],
  ];
  for (const [columns, strength] of strengths) {
    const light = await enlarged({ columns, channels: 1, strength }, [width, height]);
    for (let index = 0; index < colours.length; index += 1) {
      const value = (colours[index] ?? 0) + (light[Math.trunc(index / 3)] ?? 0) - 128;
      colours[index] = Math.min(255, Math.max(0, value));
    }
  }
  return colours;
}

interface Grid {
  readonly columns: number;
  readonly channels: 1 | 3;
  /** 1: from black to white. */
  readonly strength: number;
}

/** The pixels of a grid of noise around the middle grey, blown up. */
async function enlarged({ columns, channels, strength }: Grid, [width, height]: readonly [number, number]): Promise<Buffer> {
  const rows = Math.round((columns * height) / width);
  const grid = sharp(noise(columns * rows * channels, columns), { raw: { width: columns, height: rows, channels } });
  const large = grid.resize(width, height, { fit: 'fill', kernel: 'cubic' }).linear(strength, 128 * (1 - strength));
  return large
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
}

/** Bytes that look random, and are the same for a seed. */
function noise(length: number, seed: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(seed);
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), iv).update(Buffer.alloc(length));
}
