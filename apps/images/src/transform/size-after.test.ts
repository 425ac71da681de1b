import fc from 'fast-check';
import { sharp } from './libvips.ts';
import { applyEdits, type PipelineEdit } from './pipeline-edits.ts';
import { isCertain, sizeAfter } from './size-after.ts';

const picture = { width: 61, height: 47 };
const png = await sharp({ create: { ...picture, channels: 3, background: 'teal' } })
  .png()
  .toBuffer();

const side = fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined });
const part = {
  left: fc.integer({ min: 0, max: 5 }),
  top: fc.integer({ min: 0, max: 5 }),
  width: fc.integer({ min: 1, max: 30 }),
  height: fc.integer({ min: 1, max: 30 }),
};
const resize = fc.record({
  width: side,
  height: side,
  fit: fc.constantFrom('cover', 'contain', 'fill', 'inside', 'outside', undefined),
  withoutEnlargement: fc.boolean(),
  withoutReduction: fc.boolean(),
});
const edit = (angles: fc.Arbitrary<number>) =>
  fc.oneof(
    fc.tuple(fc.constant('resize'), resize),
    fc.tuple(fc.constant('extract'), fc.record(part)),
    fc.tuple(fc.constant('crop'), fc.record(part)),
    fc.tuple(fc.constant('rotate'), angles),
    fc.tuple(fc.constant('extend'), fc.oneof(fc.integer({ min: 1, max: 9 }), fc.record({ top: fc.nat(9), right: fc.nat(9) }))),
    fc.tuple(fc.constant('blur'), fc.constant(2)),
  ) as fc.Arbitrary<PipelineEdit>;
const list = (angles: fc.Arbitrary<number>) => fc.uniqueArray(edit(angles), { selector: ([name]) => name, maxLength: 5 });

/** What sharp makes of them; undefined where it cannot. */
async function made(edits: readonly PipelineEdit[]) {
  try {
    // What sharp says itself of the size is wrong after a second extract and an extend.
    const { width, height } = await sharp(await applyEdits(sharp(png), edits).png().toBuffer()).metadata();
    return { width, height };
  } catch (error) {
    expect(String(error)).toMatch(/extract_area/);
    return undefined;
  }
}

describe('the size after edits', () => {
  it('is what sharp makes of them', async () => {
    let compared = 0;
    const property = fc.asyncProperty(list(fc.constantFrom(0, 90, 180, 270, -90, 450)), async (edits) => {
      const size = await made(edits);
      if (!size) return;
      compared++;
      expect(sizeAfter(edits, picture)).toEqual(size);
    });
    await fc.assert(property, { numRuns: 500, seed: 7 });
    expect(compared).toBeGreaterThan(300);
  });

  it('is near to it, whatever the angle', async () => {
    const property = fc.asyncProperty(list(fc.integer({ min: -400, max: 400 })), async (edits) => {
      const size = await made(edits);
      if (!size) return;
      const told = sizeAfter(edits, picture);
      expect(Math.abs(told.width - size.width)).toBeLessThanOrEqual(3);
      expect(Math.abs(told.height - size.height)).toBeLessThanOrEqual(3);
    });
    await fc.assert(property, { numRuns: 500, seed: 7 });
  });

  it('is that of the box around a picture that is bent', () => {
    expect(sizeAfter([['affine', [2, 0, 0, 3]]], picture)).toEqual({ width: 123, height: 142 });
  });

  it('is for certain in a frame, also when a decoder shrinks what it reads', async () => {
    const large = { width: 1601, height: 1203 };
    const files = await Promise.all(
      (['jpeg', 'webp'] as const).map((format) =>
        sharp({ create: { ...large, channels: 3, background: 'teal' } })
          [format]()
          .toBuffer(),
      ),
    );
    const sides = {
      width: fc.integer({ min: 1, max: 500 }),
      height: fc.integer({ min: 1, max: 500 }),
      fit: fc.constantFrom('cover', 'contain', 'fill', undefined),
    };
    const property = fc.asyncProperty(fc.record(sides), fc.constantFrom(...files), async (options, file) => {
      const edits = [['resize', options], ['blur', 2]] as PipelineEdit[]; // prettier-ignore
      expect(isCertain(edits)).toBe(true);
      const { info } = await applyEdits(sharp(file), edits).raw().toBuffer({ resolveWithObject: true });
      expect(sizeAfter(edits, large)).toEqual({ width: info.width, height: info.height });
    });
    await fc.assert(property, { numRuns: 150, seed: 7 });
  });

  it.each([{ width: 5 }, { width: 5, height: 5, fit: 'inside' }, { width: 5, height: 5, withoutEnlargement: true }] as const)(
    'is not for certain: %j',
    (options) => {
      expect(isCertain([['resize', options]])).toBe(false);
      expect(isCertain([['rotate', 3]])).toBe(false);
    },
  );
});
