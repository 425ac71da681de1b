import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from './program.ts';
import { larderDirectory, writeRunning } from './running-file.ts';

/** Where the command is called. */
const here = mkdtempSync(join(tmpdir(), 'larder-reset-'));
const { INIT_CWD } = process.env;
const { log } = console;
beforeAll(() => {
  process.env['INIT_CWD'] = here;
  console.log = () => {};
});
afterAll(() => {
  console.log = log;
  if (INIT_CWD === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = INIT_CWD;
  rmSync(here, { recursive: true });
});

/** Resets while a cloud of some folder runs; how often that cloud was told to start over. */
async function reset(folder: string, named: boolean): Promise<number> {
  let resets = 0;
  const server = createServer(({ url }, response) => {
    if (url === '/_local/reset') resets += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ folder }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeRunning(join(larderDirectory(here), 'state'), { pid: process.pid, endpoint });
  try {
    await createProgram().parseAsync(['node', 'local', ...(named ? ['--endpoint', endpoint] : []), 'reset', '--yes']);
    return resets;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('resets the cloud of this folder, or of one above it', async () => {
  expect(await reset(here, false)).toBe(1);
  expect(await reset(tmpdir(), false)).toBe(1);
});

test('leaves the cloud of another folder alone, unless it is named', async () => {
  const elsewhere = join(tmpdir(), 'elsewhere');
  await expect(reset(elsewhere, false)).rejects.toThrow(`runs ${elsewhere}, and not this folder: say --endpoint http://127.0.0.1`);
  expect(await reset(elsewhere, true)).toBe(1);
});
