import { toFocus } from './focus.ts';
import { halves, make, pixel } from './pictures.fixture.ts';

const png = await halves.clone().png().toBuffer();

describe('a focal point', () => {
  it.each([
    [[0.5, 0.5], { left: 20, top: 0, width: 80, height: 80 }],
    [[0, 1], { left: 0, top: 0, width: 80, height: 80 }],
    [[0.9, 0], { left: 40, top: 0, width: 80, height: 80 }],
  ] as const)('at %j is in the middle of what is cut out, or as near as can be', (focal, area) => {
    expect(toFocus({ resize: { width: 80, height: 80 }, focal }, { width: 240, height: 160 })).toEqual({
      scaled: { width: 120, height: 80 },
      area,
    });
  });

  it('enlarges nothing that is not to be enlarged', () => {
    const resize = { width: 400, height: 100, withoutEnlargement: true };
    expect(toFocus({ resize, focal: [0, 0] }, { width: 240, height: 160 }).area).toEqual({ left: 0, top: 0, width: 240, height: 100 });
  });

  it('decides what is seen, after what comes before it and before what follows', async () => {
    const red = await make(png, { resize: { width: 40, height: 40, focal: [0, 0.5] } });
    const blue = await make(png, { resize: { width: 40, height: 40, focal: [1, 0.5] }, roundCrop: true });
    const turned = await make(png, { flop: true, resize: { width: 40, height: 40, focal: [0, 0.5] }, negate: { alpha: false } });
    expect([red.width, red.height, blue.width, turned.height]).toEqual([40, 40, 40, 40]);
    expect((await pixel(red, 20, 20)).slice(0, 3)).toEqual([255, 0, 0]);
    expect((await pixel(blue, 20, 20)).slice(0, 3)).toEqual([0, 0, 255]);
    // Cut, then mirrored and negated: 10 pixels of what was blue, 30 of what was red.
    expect((await pixel(turned, 5, 20)).slice(0, 3)).toEqual([255, 255, 0]);
    expect((await pixel(turned, 20, 20)).slice(0, 3)).toEqual([0, 255, 255]);
  });
});
