import type { RequestCaller } from '@larder/service/on-request';

export interface MemberDeps {
  /** Whether everybody who is signed in may ask. */
  readonly everybody: boolean;
  isMember(personId: string): Promise<boolean>;
}

/** @returns who asks, or undefined when they may not. */
export const memberOf =
  ({ everybody, isMember }: MemberDeps) =>
  async (caller: RequestCaller): Promise<string | undefined> => {
    if (caller.kind !== 'person') return undefined;
    return everybody || (await isMember(caller.id)) ? caller.id : undefined;
  };
