import { parseEdits } from '../edits/edits.ts';
import { moreEdits } from './more-edits.ts';

const [on, colour] = [true, '#c2703d'];
const all = moreEdits({ bucket: 'pictures', key: 'demo/pear.png' });

describe('every control', () => {
  it.each(all.map((edit) => [edit.label, edit] as const))('says something that the service takes: %s', (_label, edit) => {
    const values =
      edit.kind === 'list'
        ? Object.values(edit.values)
        : edit.kind === 'range'
          ? [edit.min === edit.off ? edit.min + edit.step : edit.min, edit.max]
          : [edit.kind === 'flag' ? (edit.value ?? on) : colour];
    const [name = '', option] = edit.edit.split('.');
    for (const value of values) {
      const { edits } = parseEdits({ [name]: option === undefined ? value : { [option]: value } });
      expect(Object.keys(edits)).toEqual([name]);
    }
  });

  it('has a name of its own', () => {
    expect(new Set(all.map(({ edit }) => edit)).size).toBe(all.length);
  });
});
