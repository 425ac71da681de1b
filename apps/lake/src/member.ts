import { environment } from '@larder/service/environment';
import type { RequestCaller } from '@larder/service/on-request';
import { table } from '@larder/service/table';
import * as z from 'zod/mini';

const { EVERYBODY } = environment(z.object({ EVERYBODY: z.enum(['on', 'off']) }));
const members = table<{ readonly personId: string }>('Members');

/** @returns who asks, or undefined when they may not. */
export async function memberOf(caller: RequestCaller): Promise<string | undefined> {
  if (caller.kind !== 'person') return undefined;
  return EVERYBODY === 'on' || (await members.get({ personId: caller.id })) ? caller.id : undefined;
}
