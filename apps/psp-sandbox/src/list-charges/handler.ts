import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { onRequest } from '@larder/service/on-request';
import { ledger } from '../ledger-table.ts';

export const handler = onRequest(pspSandboxApi, 'listCharges', async ({ query }) => {
  const charge = await ledger.find(query.orderId);
  return { items: charge ? [charge] : [] };
});
