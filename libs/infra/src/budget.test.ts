import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overBudget } from './budget.ts';

test('an archive over the budget is refused, and one within it is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'budget-'));
  try {
    await writeFile(join(folder, 'a.zip'), Buffer.alloc(3000));
    await writeFile(join(folder, 'b.zip'), Buffer.alloc(2048));
    const functions = { a: { package: { artifact: 'a.zip' } }, b: { package: { artifact: 'b.zip' } }, c: {} };
    expect(await overBudget(functions, folder, 2)).toEqual([
      'functions.a: its archive is 3 KB, over the budget of 2 KB; import less, or raise custom.larder.budgetKb in serverless.yml.',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
