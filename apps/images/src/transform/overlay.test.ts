import { offsetOf } from './overlay.ts';
import { toRound } from './round-crop.ts';
import { toFaceArea } from './smart-crop.ts';

describe('the place of an overlay', () => {
  it.each([
    [10, 10],
    [-10, 170],
    [0, 0],
    ['10p', 20],
    ['-10p', 160],
    ['0p', 0],
    ['-0p', 0],
    ['7p', 14],
    ['100p', 200],
  ])('of 20 on 200 pixels, at %p, is %d', (offset, expected) => {
    expect(Math.abs(offsetOf(offset, 200, 20))).toBe(expected);
  });
});

describe('an ellipse', () => {
  it.each([
    [{}, { left: 20, top: 0, width: 80, height: 80 }],
    [
      { rx: 0, ry: undefined },
      { left: 20, top: 0, width: 80, height: 80 },
    ],
    [
      { rx: 10, ry: 5 },
      { left: 50, top: 35, width: 20, height: 10 },
    ],
    [
      { rx: 10, ry: 10, left: 5, top: 78 },
      { left: 0, top: 68, width: 15, height: 12 },
    ],
    [
      { rx: 500, ry: 500 },
      { left: 0, top: 0, width: 120, height: 80 },
    ],
  ])('of %j has the box %j', (roundCrop, box) => {
    expect(toRound(roundCrop, { width: 120, height: 80 }).box).toEqual(box);
  });

  it('outside of the picture is refused', () => {
    expect(() => toRound({ rx: 5, ry: 5, left: 500 }, { width: 120, height: 80 })).toThrow(
      expect.objectContaining({ code: 'Crop::AreaOutOfBounds' }),
    );
  });
});

describe('the area of a face', () => {
  const picture = { width: 100, height: 200 };

  it.each([
    [{ left: 0.2, top: 0.1, width: 0.3, height: 0.2 }, 0, { left: 20, top: 20, width: 30, height: 40 }],
    [{ left: 0.2, top: 0.1, width: 0.3, height: 0.2 }, 10, { left: 10, top: 10, width: 50, height: 60 }],
    [{ left: 0.2, top: 0.1, width: 0.3, height: 0.2 }, 1000, { left: 0, top: 0, width: 100, height: 200 }],
    [{ left: -0.2, top: 0.75, width: 0.5, height: 0.5 }, 0, { left: 0, top: 150, width: 50, height: 50 }],
    [{ left: 0.5, top: 0.5, width: 7, height: 7 }, 0, { left: 50, top: 100, width: 50, height: 100 }],
  ])('at %j with a padding of %d is %j', (face, padding, expected) => {
    expect(toFaceArea([face], { padding }, picture)).toEqual(expected);
  });
});
