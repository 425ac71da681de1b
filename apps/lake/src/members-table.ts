import { environment } from '@larder/service/environment';
import { table } from '@larder/service/table';
import * as z from 'zod/mini';
import { type MemberDeps, type TeamName, teamNames } from './teams.ts';

const { EVERYBODY } = environment(z.object({ EVERYBODY: z.enum(['none', ...teamNames]) }));
const people = table<{ readonly personId: string; readonly teams: readonly string[] }>('Members');

const isTeam = (name: string): name is TeamName => (teamNames as readonly string[]).includes(name);

export const members: MemberDeps = {
  everybody: EVERYBODY,
  teamsOf: async (personId) => ((await people.get({ personId }))?.teams ?? []).filter(isTeam),
};
