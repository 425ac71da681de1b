/** A control for an edit that only JSON has a word for. */
export type MoreEdit = {
  readonly label: string;
  /** Where its value stands among the edits: `modulate.hue` is an option. */
  readonly edit: string;
} & (
  | { readonly kind: 'flag'; readonly value?: boolean }
  | { readonly kind: 'colour'; readonly value: string }
  /** At `off` it asks for nothing. */
  | { readonly kind: 'range'; readonly min: number; readonly max: number; readonly step: number; readonly off: number }
  /** The values of a list are JSON. */
  | { readonly kind: 'list'; readonly values: Readonly<Record<string, unknown>> }
);

/** @param overlay what is laid over: a picture that is there. */
export const moreEdits = (overlay: { readonly bucket: string; readonly key: string }): readonly MoreEdit[] => [
  { label: 'Brightness', edit: 'modulate.brightness', kind: 'range', min: 0.2, max: 2, step: 0.1, off: 1 },
  { label: 'Saturation', edit: 'modulate.saturation', kind: 'range', min: 0, max: 3, step: 0.1, off: 1 },
  { label: 'Hue', edit: 'modulate.hue', kind: 'range', min: 0, max: 345, step: 15, off: 0 },
  { label: 'Contrast', edit: 'linear', kind: 'range', min: 0.2, max: 3, step: 0.1, off: 1 },
  { label: 'Gamma', edit: 'gamma', kind: 'range', min: 1, max: 3, step: 0.1, off: 1 },
  { label: 'Tint', edit: 'tint', kind: 'colour', value: '#c2703d' },
  {
    label: 'Mixed colours',
    edit: 'recomb',
    kind: 'list',
    values: { Sepia: [[0.39, 0.77, 0.19], [0.35, 0.69, 0.17], [0.27, 0.53, 0.13]], 'Red for blue': [[0, 0, 1], [0, 1, 0], [1, 0, 0]] }, // prettier-ignore
  },
  { label: 'One channel', edit: 'extractChannel', kind: 'list', values: { Red: 'red', Green: 'green', Blue: 'blue' } },
  { label: 'Channels, bit by bit', edit: 'bandbool', kind: 'list', values: { And: 'and', Or: 'or', 'Exclusive or': 'eor' } },
  { label: 'Negate', edit: 'negate', kind: 'flag' },
  { label: 'Normalise', edit: 'normalise', kind: 'flag' },
  {
    label: 'Local contrast (clahe)',
    edit: 'clahe',
    kind: 'list',
    values: { Fine: { width: 16, height: 16 }, Coarse: { width: 120, height: 120 } },
  },
  { label: 'Threshold', edit: 'threshold', kind: 'range', min: 0, max: 255, step: 5, off: 0 },
  { label: 'Median', edit: 'median', kind: 'range', min: 1, max: 15, step: 2, off: 1 },
  {
    label: 'Convolve',
    edit: 'convolve',
    kind: 'list',
    values: {
      Edges: { width: 3, height: 3, kernel: [-1, -1, -1, -1, 8, -1, -1, -1, -1] },
      Emboss: { width: 3, height: 3, kernel: [-2, -1, 0, -1, 1, 1, 0, 1, 2] },
    },
  },
  { label: 'Skew (affine)', edit: 'affine', kind: 'list', values: { Left: [1, 0.2, 0, 1], Right: [1, -0.2, 0, 1], Down: [1, 0, 0.2, 1] } },
  { label: 'Frame (extend)', edit: 'extend', kind: 'range', min: 0, max: 200, step: 10, off: 0 },
  { label: 'Trim', edit: 'trim', kind: 'flag' },
  { label: 'White becomes clear (unflatten)', edit: 'unflatten', kind: 'flag' },
  { label: 'Alpha', edit: 'ensureAlpha', kind: 'range', min: 0, max: 1, step: 0.1, off: 1 },
  { label: 'Without alpha', edit: 'removeAlpha', kind: 'flag' },
  { label: 'Colour space', edit: 'toColourspace', kind: 'list', values: { 'Black and white': 'b-w', sRGB: 'srgb' } },
  { label: 'Worked on in', edit: 'pipelineColourspace', kind: 'list', values: { Lab: 'lab', '16 bits': 'rgb16' } },
  {
    label: 'Overlay',
    edit: 'overlayWith',
    kind: 'list',
    values: {
      'Bottom right': { ...overlay, wRatio: 25, options: { left: '-3p', top: '-3p' } },
      'Whole, half clear': { ...overlay, wRatio: 100, hRatio: 100, alpha: 50 },
      Everywhere: { ...overlay, wRatio: 12, options: { left: 0, top: 0, tile: true } },
    },
  },
  { label: 'Moderate what should not be shown', edit: 'contentModeration', kind: 'flag' },
  { label: 'First frame only', edit: 'animated', kind: 'flag', value: false },
];

/** The control as HTML; its name is that of the edit. */
export function toControl(edit: MoreEdit): string {
  const name = `name="${edit.edit}"`;
  switch (edit.kind) {
    case 'flag':
      return `<label class="tick"><input type="checkbox" ${name}>${edit.label}</label>`;
    case 'colour':
      return `<div class="pair"><label class="tick"><input type="checkbox" ${name}>${edit.label}</label><input type="color" name="${edit.edit}.colour" value="${edit.value}" aria-label="${edit.label}, the colour"></div>`;
    case 'range':
      return `<label>${edit.label} <span class="value" aria-hidden="true"></span><input type="range" ${name} min="${edit.min}" max="${edit.max}" step="${edit.step}" value="${edit.off}" data-off="${edit.off}"></label>`;
    case 'list':
      return `<label>${edit.label}<select ${name}><option value="">none${Object.keys(edit.values)
        .map((value) => `<option>${value}`)
        .join('')}</select></label>`;
  }
}
