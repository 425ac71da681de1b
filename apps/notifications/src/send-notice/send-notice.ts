import { ApiError } from '@larder/contracts';
import type { Notice } from '../notice.ts';

export interface SendNoticeDeps {
  wasSent(noticeId: string): Promise<boolean>;
  /** @throws {ApiError} `UNKNOWN_ORDER` when the shopper left no address. */
  addressOf(orderId: string): Promise<string>;
  send(to: string, notice: Notice): Promise<void>;
  markSent(noticeId: string): Promise<void>;
}

/**
 * Sends a notice once it has been written. A shopper who left no address is not written to. When one of a batch fails, the stream gives
 * all that follow it again, so that each notice has to remember that it was sent.
 */
export const sendNotice =
  (deps: SendNoticeDeps) =>
  async (change: {
    kind: 'inserted' | 'modified' | 'removed';
    new?: Notice | undefined;
  }): Promise<'sent' | 'sent before' | 'nobody to send it to' | 'nothing new'> => {
    if (change.kind !== 'inserted' || !change.new) return 'nothing new';
    const { noticeId, orderId } = change.new;
    if (await deps.wasSent(noticeId)) return 'sent before';
    try {
      await deps.send(await deps.addressOf(orderId), change.new);
      await deps.markSent(noticeId);
      return 'sent';
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNKNOWN_ORDER') return 'nobody to send it to';
      throw error;
    }
  };
