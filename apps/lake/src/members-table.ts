import { environment } from '@larder/service/environment';
import { table } from '@larder/service/table';
import * as z from 'zod/mini';
import type { MemberDeps } from './member.ts';

const { EVERYBODY } = environment(z.object({ EVERYBODY: z.enum(['on', 'off']) }));
const people = table<{ readonly personId: string }>('Members');

export const members: MemberDeps = {
  everybody: EVERYBODY === 'on',
  isMember: async (personId) => (await people.get({ personId })) !== undefined,
};
