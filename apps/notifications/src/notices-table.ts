import { commit, type EventOnce } from '@larder/service/commit';
import type { Cause } from '@larder/service/invocation';
import { table } from '@larder/service/table';
import type { Notice } from './notice.ts';

const notices = table<Notice>('Notices');

/** Keeps a notice, once for an event. */
export async function keepNotice(Item: Notice, { once, cause }: { once: EventOnce; cause: Cause }): Promise<void> {
  await commit({ once, cause, writes: [{ Put: { TableName: notices.name, Item } }] });
}

export async function wasSent(noticeId: string): Promise<boolean> {
  return (await notices.get({ noticeId }, { consistent: true }))?.sentAt !== undefined;
}

export async function markSent(noticeId: string, at: Date): Promise<void> {
  await notices.update({ noticeId }, { update: 'SET sentAt = :at', values: { ':at': at.toISOString() } });
}
