import { toInvocation, within } from '@larder/service/invocation';
import type { Context } from 'aws-lambda';
import { listObjects, readFile, writeFile } from '../lake-store.ts';
import { tell } from '../notices.ts';
import { entriesAfter } from './audit-table.ts';
import { type Checkpoint, type Verified, verify } from './verify.ts';

const prefix = 'audit/';

async function checkpoints(): Promise<Checkpoint[]> {
  const keys = await listObjects(prefix, 1000, undefined);
  return Promise.all(keys.map(async ({ key }) => JSON.parse(Buffer.from(await readFile(key)).toString('utf8')) as Checkpoint));
}

const run = verify({
  entriesAfter,
  checkpoints,
  keepCheckpoint: ({ sequence, hash }) =>
    writeFile(`${prefix}${String(sequence).padStart(12, '0')}.json`, JSON.stringify({ sequence, hash })),
});

/** Each day, and whenever somebody wants to know: `sls invoke --function verifyAudit`. */
export const handler = (_: unknown, context: Context): Promise<Verified> =>
  within(toInvocation(context), async () => {
    const verified = await run();
    if (verified.broken !== undefined) await tell({ kind: 'audit-broken', dataset: 'audit', sequence: verified.broken });
    return verified;
  });
