import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { commit } from '@larder/service/commit';
import { onEvent } from '@larder/service/on-event';
import { variable } from '@larder/service/environment';
import { reserve } from './rule.ts';
import { stubbed } from './stubbed.ts';

export const handler = onEvent(orderPlaced, async ({ data, once, cause }) => {
  reserve(data);
  if (stubbed) return;
  const TableName = variable('RESERVATIONS_TABLE');
  await commit({ once, cause, writes: [{ Put: { TableName, Item: { orderId: data.orderId } } }] });
});
