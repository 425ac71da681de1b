import type { ErasureItem } from '../erasures-table.ts';

/** Some of what the lake holds: objects of a zone, or items of a table. */
export interface Zone {
  /**
   * Goes through some of it.
   *
   * @param after what the page before this one ended with.
   * @param write whether what names the person is to be erased; else it is only looked for.
   * @returns how many things were looked at, in how many the person was, and where the next page begins.
   */
  page(subject: string, after: string | undefined, write: boolean): Promise<Page>;
}

export interface Page {
  readonly looked: number;
  readonly found: number;
  readonly next?: string | undefined;
}

export interface SweepDeps {
  readonly zones: readonly Zone[];
  keep(erasure: ErasureItem): Promise<void>;
  hasTime(): boolean;
  now(): Date;
}

/** Until nobody reads a file any more that was replaced, and it is gone. */
const settling = 11 * 60_000;

/**
 * Erases a person from all zones, page by page, as far as there is time: whoever goes on begins where the last page ended. When it is through, it waits until replaced files are gone, and searches everything
 * again. Whatever that finds is erased in another round; when it finds nothing, the person is erased.
 */
export const sweep =
  ({ zones, keep, hasTime, now }: SweepDeps) =>
  async (begun: ErasureItem & { readonly subject: string }): Promise<ErasureItem> => {
    let erasure: ErasureItem = begun.status === 'QUEUED' ? { ...begun, status: 'ERASING' } : begun;
    while (hasTime() && erasure.status !== 'ERASED') {
      const zone = zones[erasure.zone];
      const isErasing = erasure.status === 'ERASING';
      if (!isErasing && now().toISOString() < (erasure.proveAfter ?? '')) break;
      if (zone) {
        const { looked, found, next } = await zone.page(begun.subject, erasure.after, isErasing);
        erasure = {
          ...{ ...erasure, after: next, zone: erasure.zone + (next === undefined ? 1 : 0) },
          ...(isErasing ? { changed: erasure.changed + found } : { searched: erasure.searched + looked, found: erasure.found + found }),
        };
      } else if (isErasing) {
        const proveAfter = new Date(now().getTime() + settling).toISOString();
        erasure = { ...erasure, status: 'PROVING', zone: 0, searched: 0, found: 0, proveAfter };
      } else if (erasure.found > 0) erasure = { ...erasure, status: 'ERASING', zone: 0 };
      else erasure = { ...erasure, status: 'ERASED', erasedAt: now().toISOString() };
      await keep(erasure);
    }
    return erasure;
  };
