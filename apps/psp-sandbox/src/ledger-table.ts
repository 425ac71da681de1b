import { held } from '@larder/service/held';
import { table } from '@larder/service/table';
import type { Charge, Ledger } from './charge.ts';

const charges = table<Charge>('Charges');

/** The ledger in DynamoDB. */
export const ledger: Ledger = {
  find: (orderId) => charges.get({ orderId }, { consistent: true }),
  add: (charge) => held(() => charges.put(charge, { condition: 'attribute_not_exists(orderId)' })),
  refund: (orderId) =>
    held(() =>
      charges.update(
        { orderId },
        {
          update: 'SET #status = :refunded',
          condition: '#status = :captured',
          names: { '#status': 'status' },
          values: { ':refunded': 'REFUNDED', ':captured': 'CAPTURED' },
        },
      ),
    ),
};
