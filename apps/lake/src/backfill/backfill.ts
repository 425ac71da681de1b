import * as z from 'zod/mini';
import { datasets } from '../datasets.ts';
import type { RawObject } from '../lake-store.ts';

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/, 'write a day as 2026-11-27'));

/** What is to be refined again: a dataset, and the days in which it arrived, both included. */
export const backfillOrder = z.object({
  dataset: z.enum(datasets.map(({ name }) => name)),
  from: day,
  to: day,
  /** Where the one before ended, as it said. */
  after: z.optional(z.string()),
});
export type BackfillOrder = z.output<typeof backfillOrder>;

export interface BackfillDeps {
  /** A page of the objects of a day. */
  listRaw(
    dataset: string,
    day: string,
    after: string | undefined,
  ): Promise<{ readonly objects: readonly RawObject[]; readonly next?: string | undefined }>;
  /** Whether so much waits to be refined that more would only wait. */
  isBehind(dataset: string): Promise<boolean>;
  hasTime(): boolean;
  /** What waits to be refined. */
  arrive(dataset: string, object: RawObject): Promise<void>;
}

const dayLong = 24 * 60 * 60 * 1000;
/** Objects that are told at once. */
const atOnce = 25;
/** Ten years. */
const mostDays = 3660;

/** How far a backfill has come. */
export interface Backfilled {
  /** Objects that will be refined again. */
  readonly objects: number;
  /** What to ask for to go on, when there is more: refining was behind, or time ran out. */
  readonly next?: BackfillOrder;
}

/**
 * Has everything that arrived in some days refined again, as after a change of what a row is. What is there already stays as it is, so it can be asked again, and goes on wherever it ended.
 *
 * @throws {RangeError} when `to` is before `from`, or years after it.
 */
export const backfill =
  ({ listRaw, arrive, isBehind, hasTime }: BackfillDeps) =>
  async ({ dataset, from, to, after: begin }: BackfillOrder): Promise<Backfilled> => {
    const days = (Date.parse(to) - Date.parse(from)) / dayLong + 1;
    if (!(days >= 1 && days <= mostDays)) throw new RangeError(`from ${from} to ${to} are ${days} days: ask for 1 to ${mostDays}`);
    let count = 0;
    for (let number = 0; number < days; number += 1) {
      const asked = new Date(Date.parse(from) + number * dayLong).toISOString().slice(0, 10);
      let after = number === 0 ? begin : undefined;
      do {
        if (!hasTime() || (await isBehind(dataset)))
          return { objects: count, next: { dataset, from: asked, to, ...(after !== undefined && { after }) } };
        const { objects, next } = await listRaw(dataset, asked, after);
        for (let at = 0; at < objects.length; at += atOnce)
          await Promise.all(objects.slice(at, at + atOnce).map((object) => arrive(dataset, object)));
        count += objects.length;
        after = next;
      } while (after !== undefined);
    }
    return { objects: count };
  };
