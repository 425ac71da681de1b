import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchFolders } from './watch-folders.ts';

describe('watchFolders', () => {
  let folder: string;
  let changes: number;
  let stop: () => void;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'watch-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.ts'), '1');
    changes = 0;
    stop = watchFolders(
      [folder],
      () => (changes += 1),
      (error) => {
        throw error;
      },
    );
  });
  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true });
  });

  const noticed = async (): Promise<boolean> => {
    for (let round = 0; round < 100 && changes === 0; round += 1) await sleep(10);
    const seen = changes > 0;
    await sleep(20);
    changes = 0;
    return seen;
  };

  it('notices a file that is written in place', async () => {
    writeFileSync(join(folder, 'src/a.ts'), '2');
    expect(await noticed()).toBe(true);
  });

  it('notices every time that a file is replaced by another', async () => {
    for (const content of ['2', '3', '4']) {
      writeFileSync(join(folder, 'src/a.ts.swp'), content);
      await noticed();
      renameSync(join(folder, 'src/a.ts.swp'), join(folder, 'src/a.ts'));
      expect(await noticed()).toBe(true);
    }
  });

  it('notices files in a folder that is new, and in one that was made again', async () => {
    for (let round = 0; round < 2; round += 1) {
      mkdirSync(join(folder, 'src/deep'));
      expect(await noticed()).toBe(true);
      writeFileSync(join(folder, 'src/deep/b.ts'), '1');
      expect(await noticed()).toBe(true);
      rmSync(join(folder, 'src/deep'), { recursive: true });
      expect(await noticed()).toBe(true);
    }
  });

  it('takes no notice of tests and of what tools write', async () => {
    writeFileSync(join(folder, 'src/a.test.ts'), '1');
    mkdirSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, '.serverless'));
    writeFileSync(join(folder, '.serverless/x.zip'), '1');
    await sleep(50);
    expect(changes).toBe(0);
  });
});
