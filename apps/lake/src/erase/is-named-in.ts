import { readFileKey } from '../files/file-key.ts';
import { FileProblem, readTable, unpack } from '../take-file/read-table.ts';
import { findInFile } from './erase-file.ts';
import { names } from './erase-lines.ts';

/**
 * Whether a file that somebody dropped names a person: in a row of its table, or, when it is none, somewhere in its bytes, packed or not.
 *
 * @param key `raw/<dataset>/day=…/<file>` or `failed/<dataset>/<file>`
 */
export async function isNamedIn(key: string, content: Uint8Array, subject: string): Promise<boolean> {
  const read = readFileKey(key.replace(/^(raw|failed)\//, '').replace(/\/day=[^/]*\//, '/'));
  if (!('problem' in read)) {
    try {
      const { file } = await readTable(read, content, {});
      return (await findInFile(file, subject)) > 0;
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
    }
  }
  return (['none', 'gz', 'zst'] as const).some((compression) => isIn(unpackable(content, compression), subject));
}

const isIn = (content: Uint8Array, subject: string): boolean =>
  Buffer.from(content)
    .toString('latin1')
    .search(names([subject])) >= 0;

function unpackable(content: Uint8Array, compression: 'none' | 'gz' | 'zst'): Uint8Array {
  try {
    return unpack({ compression, format: 'csv' }, content);
  } catch {
    return new Uint8Array();
  }
}
