import { parseEdits } from '../edits/edits.ts';
import { inCanonicalOrder } from '../edits/canonical-order.ts';
import { planSteps, wantedSize } from './plan.ts';

const still = { width: 4000, height: 3000, animated: false, canFindFaces: true };
const plan = (edits: object, picture: Partial<typeof still> = {}) =>
  planSteps(inCanonicalOrder(parseEdits(edits).edits), { ...still, ...picture });
const over = { bucket: 'b', key: 'k' };
const kinds = (edits: object) => plan(edits).map((step) => (step.kind === 'edit' ? step.edits.map(([name]) => name).join() : step.kind));

describe('a plan', () => {
  it('is one step for all that sharp can do in one go', () => {
    expect(plan({ blur: 3, resize: { width: 5 }, rotate: 90, tint: 'red' })).toEqual([
      {
        kind: 'edit',
        late: false,
        edits: [
          ['resize', { width: 5 }],
          ['rotate', 90],
          ['blur', 3],
          ['tint', 'red'],
        ],
      },
    ]);
    expect(plan({ rotate: null, animated: true })).toEqual([]);
  });

  it('lays over after the edits of its part, and before what sharp does later still', () => {
    expect(kinds({ overlayWith: over, tint: 'red', blur: 3 })).toEqual(['blur', 'overlay', 'tint']);
    expect(kinds({ overlayWith: over, roundCrop: true, blur: 3 })).toEqual(['overlay', 'roundCrop', 'blur']);
    expect(kinds({ tint: 'red', roundCrop: true, resize: { width: 3 } })).toEqual(['roundCrop', 'tint', 'resize']);
  });

  it('computes what is slow before what looks at all pixels at once, where nothing could stop it', () => {
    expect(kinds({ clahe: { width: 3, height: 3 }, median: 9, tint: 'red' })).toEqual(['median', 'compute', 'clahe,tint']);
    expect(kinds({ normalise: true, overlayWith: over, blur: 9 })).toEqual(['blur', 'overlay', 'compute', 'normalise']);
    expect(kinds({ normalise: true, resize: { width: 3 } })).toEqual(['resize,normalise']);
  });

  it('looks at the picture as it is by then', () => {
    expect(kinds({ resize: { width: 3 }, smartCrop: true, crop: { left: 0, top: 0, width: 1, height: 1 } })).toEqual([
      'resize',
      'smartCrop',
      'crop',
    ]);
    expect(kinds({ tint: 'red', contentModeration: true, blur: 3 })).toEqual(['tint', 'moderate', 'blur']);
  });

  it.each([
    [{ ratio: 0.5 }, { width: 2000, height: 1500, fit: 'inside' }],
    [
      { ratio: 0.5, width: 100 },
      { width: 2000, height: 1500, fit: 'inside' },
    ],
    [
      { ratio: 0.5, width: 100, height: 30, fit: 'cover' },
      { width: 50, height: 15, fit: 'cover' },
    ],
    [
      { ratio: 0.001, width: 1, height: 1 },
      { width: 1, height: 1, fit: 'inside' },
    ],
  ])('takes a ratio of the sides that are asked for, or of the picture: %j', (resize, expected) => {
    expect(plan({ resize })).toEqual([{ kind: 'edit', late: false, edits: [['resize', expected]] }]);
  });

  it('goes to what catches the eye, where nobody finds faces and there is a shape to crop to', () => {
    const resizes = (resize: object) => plan({ resize, smartCrop: true }, { canFindFaces: false });
    expect(resizes({ width: 5, height: 5 })).toMatchObject([{ edits: [['resize', { position: 'attention' }]] }]);
    for (const resize of [{ width: 5 }, { width: 5, height: 5, fit: 'inside' }, { width: 5, height: 5, position: 'top' }])
      expect(resizes(resize)).toEqual([{ kind: 'edit', late: false, edits: [['resize', resize]] }]);
    expect(plan({ smartCrop: true }, { canFindFaces: false })).toEqual([]);
  });
});

describe('the size to draw an SVG in', () => {
  it.each([
    [{ resize: { width: 5, height: null } }, { width: 5 }],
    [{ blur: 3, resize: { height: 7 } }, { height: 7 }],
    [{ crop: { left: 0, top: 0, width: 1, height: 1 }, resize: { width: 5 } }, undefined],
    [{ resize: { width: 5, withoutEnlargement: true } }, undefined],
    [{ resize: { ratio: 2 } }, undefined],
    [{}, undefined],
  ])('is that of a resize with nothing before it: %j', (edits, expected) => {
    expect(wantedSize(inCanonicalOrder(parseEdits(edits).edits))).toEqual(expected);
  });
});
