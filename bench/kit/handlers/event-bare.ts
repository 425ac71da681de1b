import { orderPlaced } from '@larder/contracts/orders/order-placed';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { writeOnce } from './effect.ts';
import { reserve } from './rule.ts';

export const handler = async (batch: SQSEvent): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  await Promise.all(
    batch.Records.map(async (record) => {
      try {
        const event = JSON.parse(record.body) as { detail: { id: string; data: unknown } };
        const order = orderPlaced.data.parse(event.detail.data);
        reserve(order);
        await writeOnce(event.detail.id, process.env.RESERVATIONS_TABLE, { orderId: order.orderId });
      } catch (error) {
        console.error(error);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }),
  );
  return { batchItemFailures };
};
