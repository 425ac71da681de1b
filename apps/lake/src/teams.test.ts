import { datasets } from './datasets.ts';
import { mayDo, memberOf, readableColumns, type Team, type TeamName, teams } from './teams.ts';

const person = (id: string) => ({ kind: 'person', id }) as const;
const teamsOf = async (id: string): Promise<readonly TeamName[]> => (id === 'ada' ? ['shop'] : []);

describe('who may ask', () => {
  it('is who belongs to a team, and nobody else', async () => {
    const member = memberOf({ everybody: 'none', teamsOf });
    expect([await member(person('ada')), await member(person('bob'))]).toEqual([{ personId: 'ada', teams: ['shop'] }, undefined]);
  });

  it('is everybody who is signed in, where that is said', async () => {
    expect(await memberOf({ everybody: 'owners', teamsOf })(person('bob'))).toEqual({ personId: 'bob', teams: ['owners'] });
  });

  it('is a person in any case', async () => {
    const member = memberOf({ everybody: 'owners', teamsOf });
    expect([await member({ kind: 'anonymous' }), await member({ kind: 'service', arn: 'arn:aws:iam::1:role/x' })]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('what a team may read', () => {
  it('is what it was given of a dataset, and of the others nothing unless that was said', () => {
    expect(readableColumns(['shop'], 'page_events')).not.toContain('words');
    expect([readableColumns(['shop'], 'bus_events'), readableColumns(['shop'], 'suppliers')]).toEqual([undefined, undefined]);
    expect([readableColumns(['analysts'], 'suppliers'), readableColumns(['owners'], 'bus_events')]).toEqual(['all', 'all']);
    expect(readableColumns(['analysts'], 'bus_events')).not.toContain('data');
    expect(readableColumns([], 'page_events')).toBeUndefined();
  });

  it('of somebody in several teams is what any of them may', () => {
    expect(readableColumns(['shop', 'analysts'], 'page_events')).toBe('all');
    expect(readableColumns(['shop', 'owners'], 'bus_events')).toBe('all');
    expect([mayDo(['shop', 'analysts'], 'upload'), mayDo(['shop', 'analysts'], 'erase'), mayDo(['owners'], 'erase')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('names columns that are there', () => {
    for (const { reads } of Object.values<Team>(teams))
      for (const { name, columns } of datasets)
        for (const column of [reads[name] ?? 'all'].flat().filter((one) => one !== 'all')) expect(Object.keys(columns)).toContain(column);
  });
});
