import { readFileSync } from 'node:fs';

const at = (path: string) => new URL(path, import.meta.url);
const rows = readFileSync(at('../README.md'), 'utf8').matchAll(/`(?<file>[a-z/-]+) › (?<sentence>[^`]+)`/g);

describe('the tables of compatibility', () => {
  it.each(Array.from(rows, ({ groups }) => [groups?.file, groups?.sentence] as const))(
    'name a test that is there: %s › %s',
    (file, sentence) => {
      expect(readFileSync(at(`./${file}.test.ts`), 'utf8')).toContain(`'${sentence}'`);
    },
  );
});
