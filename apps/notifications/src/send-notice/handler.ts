import * as z from 'zod/mini';
import { ordersApi } from '@larder/contracts/orders/orders-api';
import { client } from '@larder/service/client';
import { environment } from '@larder/service/environment';
import { onTableChange } from '@larder/service/on-table-change';
import { sendMail } from '../mail.ts';
import type { Notice } from '../notice.ts';
import { markSent, wasSent } from '../notices-table.ts';
import { sendNotice } from './send-notice.ts';

const { SENDER } = environment(z.object({ SENDER: z.email() }));
const orders = client(ordersApi);

export const handler = onTableChange<Notice>((change) =>
  sendNotice({
    wasSent,
    addressOf: async (orderId) => (await orders.getContact({ params: { orderId } })).email,
    send: (to, notice) => sendMail({ from: SENDER, to, subject: notice.subject, text: notice.text }),
    markSent: (noticeId) => markSent(noticeId, new Date()),
  })(change),
);
