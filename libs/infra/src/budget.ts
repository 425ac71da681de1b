import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FunctionConfig } from './osls.ts';

/** KB of an archive. A handler with the kit and one client of the SDK weighs about 110, with four about 150 (a second client adds 10 to 20): all of it is read at each cold start. */
export const defaultBudgetKb = 200;

/** A sentence for each function whose archive weighs more than it may. */
export async function overBudget(
  functions: Readonly<Record<string, FunctionConfig>>,
  serviceDir: string,
  budgetKb: number,
): Promise<string[]> {
  const sentences = Object.entries(functions).map(async ([key, config]) => {
    const artifact = config.package?.artifact;
    if (artifact === undefined) return [];
    const kb = Math.ceil((await stat(resolve(serviceDir, artifact))).size / 1024);
    if (kb <= budgetKb) return [];
    return [
      `functions.${key}: its archive is ${kb} KB, over the budget of ${budgetKb} KB; import less, or raise custom.larder.budgetKb in serverless.yml.`,
    ];
  });
  return (await Promise.all(sentences)).flat();
}
