import * as z from 'zod/mini';
import { datasets } from '../datasets.ts';
import type { RawObject } from '../lake-store.ts';

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'write a day as 2026-11-27'));

/** What is to be refined again: a dataset, and the days in which it arrived, both included. */
export const backfillOrder = z.object({ dataset: z.enum(datasets.map(({ name }) => name)), from: day, to: day });
export type BackfillOrder = z.output<typeof backfillOrder>;

export interface BackfillDeps {
  /** A page of the objects of a day. */
  listRaw(
    dataset: string,
    day: string,
    after: string | undefined,
  ): Promise<{ readonly objects: readonly RawObject[]; readonly next?: string | undefined }>;
  /** What waits to be refined. */
  arrive(dataset: string, object: RawObject): Promise<void>;
}

const dayLong = 24 * 60 * 60 * 1000;
/** Objects that are told at once. */
const atOnce = 25;
/** Ten years. */
const mostDays = 3660;

/**
 * Has everything that arrived in some days refined again, as after a change of what a row is. What is there already stays as it is, so it can be asked again, and goes on wherever it ended.
 *
 * @returns how many objects will be refined.
 * @throws {RangeError} when `to` is before `from`, or years after it.
 */
export const backfill =
  ({ listRaw, arrive }: BackfillDeps) =>
  async ({ dataset, from, to }: BackfillOrder): Promise<{ readonly objects: number }> => {
    const days = (Date.parse(to) - Date.parse(from)) / dayLong + 1;
    if (!(days >= 1 && days <= mostDays)) throw new RangeError(`from ${from} to ${to} are ${days} days: ask for 1 to ${mostDays}`);
    let count = 0;
    for (let number = 0; number < days; number += 1) {
      const asked = new Date(Date.parse(from) + number * dayLong).toISOString().slice(0, 10);
      let after: string | undefined;
      do {
        const { objects, next } = await listRaw(dataset, asked, after);
        for (let at = 0; at < objects.length; at += atOnce)
          await Promise.all(objects.slice(at, at + atOnce).map((object) => arrive(dataset, object)));
        count += objects.length;
        after = next;
      } while (after !== undefined);
    }
    return { objects: count };
  };
