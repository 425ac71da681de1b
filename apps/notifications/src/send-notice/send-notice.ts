import { ApiError } from '@larder/contracts';
import type { Notice } from '../notice.ts';

export interface SendNoticeDeps {
  /** @throws {ApiError} `UNKNOWN_ORDER` when the shopper left no address. */
  addressOf(orderId: string): Promise<string>;
  send(to: string, notice: Notice): Promise<void>;
}

/** Sends a notice once it has been written. A shopper who left no address is not written to. */
export const sendNotice =
  (deps: SendNoticeDeps) =>
  async (change: {
    kind: 'inserted' | 'modified' | 'removed';
    new?: Notice | undefined;
  }): Promise<'sent' | 'nobody to send it to' | 'nothing new'> => {
    if (change.kind !== 'inserted' || !change.new) return 'nothing new';
    try {
      await deps.send(await deps.addressOf(change.new.orderId), change.new);
      return 'sent';
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNKNOWN_ORDER') return 'nobody to send it to';
      throw error;
    }
  };
