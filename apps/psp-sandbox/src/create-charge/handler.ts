import { setTimeout as wait } from 'node:timers/promises';
import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { onRequest } from '@larder/service/on-request';
import { ulid } from '@larder/service/ulid';
import { checkKey } from '../api-key.ts';
import { ledger } from '../ledger-table.ts';
import { createCharge } from './create-charge.ts';

export const handler = onRequest(pspSandboxApi, 'createCharge', async (request) => {
  await checkKey(request.headers);
  return createCharge({
    ledger,
    newId: () => `ch_${ulid()}`,
    now: () => new Date(),
    wait,
    // Whoever asked gets no answer: the function is gone before it could give one.
    dropConnection: () => process.exit(1),
  })(request);
});
