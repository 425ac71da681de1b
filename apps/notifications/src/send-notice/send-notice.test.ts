import { apiError } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Notice } from '../notice.ts';
import { sendNotice } from './send-notice.ts';

const notice: Notice = { noticeId: 'n1', orderId: 'o1', kind: 'CONFIRMED', subject: 'Hello', text: 'World' };

function post(addressOf: () => Promise<string>) {
  const sent: string[] = [];
  const marked = new Set<string>();
  const send = sendNotice({
    wasSent: async (noticeId) => marked.has(noticeId),
    addressOf,
    send: async (to) => void sent.push(to),
    markSent: async (noticeId) => void marked.add(noticeId),
  });
  return { sent, marked, send };
}

describe('sending a notice', () => {
  it('sends what is new to the address that the shopper left', async () => {
    const { send, sent } = post(async () => 'ada@example.com');
    await expect(send({ kind: 'inserted', new: notice })).resolves.toBe('sent');
    expect(sent).toEqual(['ada@example.com']);
  });

  it('sends it once although the stream gives it again, because another notice of its batch failed', async () => {
    const { send, sent } = post(async () => 'ada@example.com');
    await send({ kind: 'inserted', new: notice });
    await expect(send({ kind: 'inserted', new: notice })).resolves.toBe('sent before');
    expect(sent).toEqual(['ada@example.com']);
  });

  it.each(['modified', 'removed'] as const)('sends nothing for a notice that is %s', async (kind) => {
    const { send, sent } = post(async () => 'ada@example.com');
    await expect(send({ kind, new: notice })).resolves.toBe('nothing new');
    expect(sent).toEqual([]);
  });

  it('is content when there is no address', async () => {
    const { send } = post(async () => {
      throw apiError(ordersApi.routes.getContact, 'UNKNOWN_ORDER');
    });
    await expect(send({ kind: 'inserted', new: notice })).resolves.toBe('nobody to send it to');
  });

  it('fails, to be tried again, when the orders service does not answer', async () => {
    const { send, marked } = post(async () => {
      throw new Error('no answer');
    });
    await expect(send({ kind: 'inserted', new: notice })).rejects.toThrow('no answer');
    expect(marked.size).toBe(0);
  });
});
