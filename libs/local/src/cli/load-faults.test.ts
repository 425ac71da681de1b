import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFaults } from './load-faults.ts';

describe('--faults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const module = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const delivery = { functionName: 'f', eventSourceArn: 'arn', records: [] };

  it('does nothing without a module', async () => {
    expect(await loadFaults(undefined)).toEqual({});
  });

  it('takes a hook', async () => {
    const hook = await loadFaults(module('hook.mjs', `export default { onDelivery: () => ({ kind: 'duplicate' }) };`));
    expect(hook.onDelivery?.(delivery)).toEqual({ kind: 'duplicate' });
  });

  it('takes what makes a hook out of the environment', async () => {
    process.env['DELAY_FOR_TEST'] = '7';
    const text = `export default async (env) => ({ onDelivery: () => ({ kind: 'delay', ms: Number(env.DELAY_FOR_TEST) }) });`;
    const hook = await loadFaults(module('factory.mjs', text));
    expect(hook.onDelivery?.(delivery)).toEqual({ kind: 'delay', ms: 7 });
    delete process.env['DELAY_FOR_TEST'];
  });

  it.each([
    ['none.mjs', 'export const hook = {};', 'has no default export that is a FaultHook'],
    ['text.mjs', `export default 'often';`, 'has no default export that is a FaultHook'],
    ['throws.mjs', `export default () => { throw new Error('no seed'); };`, 'cannot be loaded: no seed'],
    ['broken.mjs', 'export default {{{', 'cannot be loaded'],
  ])('refuses %s in a sentence', async (name, text, message) => {
    await expect(loadFaults(module(name, text))).rejects.toMatchObject({
      name: 'Failure',
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('says that there is no such file', async () => {
    await expect(loadFaults(join(folder, 'nowhere.mjs'))).rejects.toThrow('cannot be loaded');
  });
});
