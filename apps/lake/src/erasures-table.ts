import { table } from '@larder/service/table';

/** A person who is to be erased, and how far that is. */
export interface ErasureItem {
  readonly erasureId: string;
  /** The id of a person or a session; forgotten when nothing of them can arrive any more. */
  readonly subject?: string | undefined;
  /** `yes` as long as the subject is known. */
  readonly open?: 'yes' | undefined;
  readonly status: 'QUEUED' | 'ERASING' | 'PROVING' | 'ERASED';
  /** Who asked for it. */
  readonly personId: string;
  readonly askedAt: string;
  readonly erasedAt?: string | undefined;
  /** Where the work is: the place of a zone, and what was seen of it. */
  readonly zone: number;
  readonly after?: string | undefined;
  /** When the search may begin. */
  readonly proveAfter?: string | undefined;
  readonly changed: number;
  readonly searched: number;
  /** What the search has found. */
  readonly found: number;
}

const erasures = table<ErasureItem>('Erasures');

export const keepErasure = (item: ErasureItem): Promise<void> => erasures.put(item);
export const findErasure = (erasureId: string): Promise<ErasureItem | undefined> => erasures.get({ erasureId }, { consistent: true });

/** Those whose subject is still known, the oldest first. */
export const findOpenErasures = (): Promise<ErasureItem[]> =>
  erasures.queryAll({ index: 'Open', where: '#open = :yes', names: { '#open': 'open' }, values: { ':yes': 'yes' } });

/** People of whom nothing is to be kept that still arrives. */
export const findSubjects = async (): Promise<readonly string[]> =>
  (await findOpenErasures()).flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
