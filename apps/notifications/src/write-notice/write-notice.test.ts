import type { Notice } from '../notice.ts';
import { writeNotice, type Ending } from './write-notice.ts';

async function noticeOf(ending: Ending): Promise<Notice> {
  const kept: Notice[] = [];
  await writeNotice({ newId: () => 'n1', keep: async (notice) => kept.push(notice) })(ending);
  return kept[0] as Notice;
}

describe('writing a notice', () => {
  it('names the price of a confirmed order as people write it', async () => {
    const notice = await noticeOf({ kind: 'CONFIRMED', orderId: 'o1', total: { amount: 1294, currency: 'EUR' } });
    expect(notice).toMatchObject({ noticeId: 'n1', orderId: 'o1', kind: 'CONFIRMED' });
    expect(notice.text).toContain('€12.94');
  });

  it('names what is missing when an order is rejected', async () => {
    const { text } = await noticeOf({ kind: 'REJECTED', orderId: 'o1', shortages: [{ productId: 'pear', requested: 3, available: 1 }] });
    expect(text).toContain('3 × pear (1 left)');
    expect(text).toContain('not been charged');
  });

  it('tells a declined payment from one that did not come', async () => {
    expect((await noticeOf({ kind: 'CANCELLED', orderId: 'o1', reason: 'PAYMENT_DECLINED' })).text).toContain('declined');
    expect((await noticeOf({ kind: 'CANCELLED', orderId: 'o1', reason: 'TIMED_OUT' })).text).toContain('in time');
  });
});
