import { apiError } from '@larder/contracts';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import type { Notice } from '../notice.ts';
import { sendNotice } from './send-notice.ts';

const notice: Notice = { noticeId: 'n1', orderId: 'o1', kind: 'CONFIRMED', subject: 'Hello', text: 'World' };

function post(addressOf: () => Promise<string>) {
  const sent: string[] = [];
  return { sent, send: sendNotice({ addressOf, send: async (to) => void sent.push(to) }) };
}

describe('sending a notice', () => {
  it('sends what is new to the address that the shopper left', async () => {
    const { send, sent } = post(async () => 'ada@example.com');
    await expect(send({ kind: 'inserted', new: notice })).resolves.toBe('sent');
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
    const { send } = post(async () => {
      throw new Error('no answer');
    });
    await expect(send({ kind: 'inserted', new: notice })).rejects.toThrow('no answer');
  });
});
