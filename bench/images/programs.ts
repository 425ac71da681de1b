import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { Pictures } from './cases.ts';
import type { Times } from './rounds.ts';

/** What is measured in a process of its own, given the bundle of a contestant. */
export interface Programs {
  /** From the start of the process to its first answer, the first case. */
  readonly cold: (bundle: string) => Times;
  /** The most memory that the process ever had, in MB, at a third of the requests and at the end. */
  readonly memory: (bundle: string) => Peaks;
}

export interface Peaks {
  readonly early: number;
  readonly late: number;
}

/** Of 50 MP, four at once. */
export const largePictures = 48;

/** @param folder where the programs find their pictures. */
export async function programs(folder: string, pictures: Pictures): Promise<Programs> {
  const [photo, large] = [join(folder, 'photo.jpg'), join(folder, 'large.jpg')];
  await writeFile(photo, pictures['photo.jpg']);
  await sharp(pictures['photo.jpg']).resize(8160, 6120).jpeg({ quality: 88 }).toFile(large);
  return {
    cold: (bundle) => run(bundle, photo, answerOnce) as Times,
    memory: (bundle) => run(bundle, large, answerMany) as Peaks,
  };
}

const answerOnce = `
  const { status } = await contestant.answer('webp');
  const clock = performance.now();
  const { user, system } = process.cpuUsage();
  if (status === 200) tell({ clock, processor: (user + system) / 1000 });
`;

// Looked at again and again: the system's own record begins with what the process had that started this one.
const answerMany = `
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() / 1e6)), 5);
  const names = ['webp', 'avif', 'jpeg'];
  let [next, done, early] = [0, 0, 0];
  const lane = async () => {
    while (next < ${largePictures}) {
      const { status } = await contestant.answer(names[next++ % names.length]);
      if (status !== 200) throw new Error('It answers with ' + status);
      done += 1;
      if (done === ${largePictures / 3}) early = most;
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  clearInterval(timer);
  tell({ early, late: most });
`;

function run(bundle: string, photo: string, program: string): unknown {
  const before = `
    import { readFileSync } from 'node:fs';
    import { contest } from ${JSON.stringify(pathToFileURL(bundle).href)};
    const tell = (figures) => process.stdout.write(JSON.stringify(figures));
    const contestant = contest({ 'photo.jpg': readFileSync(${JSON.stringify(photo)}) }, false);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', before + program], { encoding: 'utf8' });
  if (stdout === '') throw new Error(`${bundle} does not answer: ${stderr}`);
  return JSON.parse(stdout);
}
