import type { RequestCaller } from '@larder/service/on-request';

/** What a team may read of a dataset: all of it, or these columns (and `hour`, which every event has). */
export type Columns = 'all' | readonly string[];

/** What else than asking a team may do: bring in data of its own, describe datasets, erase a person. */
export type Ability = 'upload' | 'describe' | 'erase';

/** The rights of one team. */
export interface Team {
  /** By the names of datasets; `*` stands for those that are not named. */
  readonly reads: Readonly<Record<string, Columns>>;
  readonly may: readonly Ability[];
}

/** Who may read what. Rights are reviewed as code is; who belongs to a team stands in the table `Members`. */
export const teams = {
  owners: { reads: { '*': 'all' }, may: ['upload', 'describe', 'erase'] },
  /** Everything but what services told each other word for word: orders of people stand there. */
  analysts: { reads: { '*': 'all', bus_events: ['event_id', 'event_time', 'type', 'source', 'time'] }, may: ['upload', 'describe'] },
  /** What visitors did, without the words that they searched for. */
  shop: {
    reads: {
      page_events: ['event_id', 'event_time', 'type', 'session_id', 'product_id', 'quantity', 'page', 'amount', 'currency'],
    },
    may: [],
  },
} as const satisfies Readonly<Record<string, Team>>;

export type TeamName = keyof typeof teams;
export const teamNames = Object.keys(teams) as [TeamName, ...TeamName[]];

/** A person who belongs to teams. */
export interface Member {
  readonly personId: string;
  readonly teams: readonly TeamName[];
}

export interface MemberDeps {
  /** The team of everybody who is signed in. */
  readonly everybody: TeamName | 'none';
  teamsOf(personId: string): Promise<readonly TeamName[]>;
}

/** @returns who asks, or undefined when they belong to no team. */
export const memberOf =
  ({ everybody, teamsOf }: MemberDeps) =>
  async (caller: RequestCaller): Promise<Member | undefined> => {
    if (caller.kind !== 'person') return undefined;
    const own = everybody === 'none' ? await teamsOf(caller.id) : [everybody];
    return own.length > 0 ? { personId: caller.id, teams: own } : undefined;
  };

/** Whether one of some teams may do something. */
export const mayDo = (own: readonly TeamName[], ability: Ability): boolean =>
  own.some((name) => (teams[name] satisfies Team as Team).may.includes(ability));

/** What some teams may read of a dataset together: undefined when nothing. */
export function readableColumns(own: readonly TeamName[], dataset: string): Columns | undefined {
  const granted = own.flatMap((name) => {
    const { reads }: Team = teams[name];
    return reads[dataset] ?? reads['*'] ?? [];
  });
  if (granted.includes('all')) return 'all';
  return granted.length > 0 ? [...new Set(granted)] : undefined;
}
