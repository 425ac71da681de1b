import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHotReload, type HotReload } from './hot-reload.ts';
import type { PackagedService } from './packager.ts';

/** A service whose content is a text; what is done with it is noted. */
function watchOne() {
  const folder = mkdtempSync(join(tmpdir(), 'hot-'));
  const source = { name: 'hello', folder, dependsOn: [], params: {} };
  const done: string[] = [];
  const state = { content: 'first' };
  const reload: HotReload = createHotReload({
    services: [{ source, hash: 'first' }],
    foldersOf: () => [folder],
    hashOf: () => state.content,
    async package(_, hash, signal) {
      done.push(`package ${hash}`);
      await sleep(300, undefined, { signal });
      if (hash === 'broken') throw new Error('a mistake');
      return { hash } as PackagedService;
    },
    deploy: async ({ hash }) => void done.push(`deploy ${hash}`),
    onError: (_, { message }) => void done.push(message),
  });
  const edit = async (content: string): Promise<void> => {
    state.content = content;
    writeFileSync(join(folder, 'handler.ts'), content);
    for (const deadline = Date.now() + 5_000; !reload.beforeInvoke('hello'); await sleep(5))
      if (Date.now() > deadline) throw new Error('nobody noticed');
  };
  const end = async (): Promise<void> => {
    await reload.close();
    rmSync(folder, { recursive: true });
  };
  return { reload, done, state, edit, end };
}

describe('an edit', () => {
  it('is waited for by invocations, and then runs', async () => {
    const { reload, done, edit, end } = watchOne();
    await edit('second');
    await reload.beforeInvoke('hello');
    expect(done).toEqual(['package second', 'deploy second']);
    expect(reload.beforeInvoke('hello')).toBeUndefined();
    await end();
  });

  it('that is edited again is not packaged to its end', async () => {
    const { reload, done, edit, end } = watchOne();
    await edit('second');
    await sleep(100);
    await edit('third');
    await reload.beforeInvoke('hello');
    expect(done).toEqual(['package second', 'package third', 'deploy third']);
    await end();
  });

  it('that changes nothing interrupts nothing', async () => {
    const { reload, done, edit, end } = watchOne();
    await edit('second');
    await sleep(100);
    await edit('second');
    await reload.beforeInvoke('hello');
    expect(done).toEqual(['package second', 'deploy second']);
    await end();
  });

  it('that is broken is told, lets invocations through, and can be taken back', async () => {
    const { reload, done, edit, end } = watchOne();
    await edit('broken');
    await reload.beforeInvoke('hello');
    await edit('first');
    await reload.beforeInvoke('hello');
    expect(done).toEqual(['package broken', 'a mistake', 'package first', 'deploy first']);
    await end();
  });
});
