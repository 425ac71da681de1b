import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { checkKey } from '../api-key.ts';
import { ledger } from '../ledger-table.ts';
import { reverseCharge } from './reverse-charge.ts';

export const handler = onRequest(pspSandboxApi, 'reverseCharge', async ({ params, headers }) => {
  await checkKey(headers);
  return reverseCharge({ ledger, newId: () => `ch_${ulid()}`, now: () => new Date() })(params.orderId);
});
