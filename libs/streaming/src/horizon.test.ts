import { Horizon } from './horizon.ts';

describe('a horizon', () => {
  it('admits each id once, as long as it remembers it', () => {
    const horizon = new Horizon(100);
    for (let at = 0; at < 100; at += 1) expect(horizon.admits(`e-${at}`)).toBe(true);
    for (let at = 0; at < 100; at += 1) expect(horizon.admits(`e-${at}`)).toBe(false);
    for (let at = 100; at < 200; at += 1) expect(horizon.admits(`e-${at}`)).toBe(true);
    expect(horizon.admits('e-99')).toBe(false);
  });

  it('forgets the oldest, so that its memory does not grow', () => {
    const horizon = new Horizon(100);
    for (let at = 0; at < 201; at += 1) horizon.admits(`e-${at}`);
    expect([horizon.admits('e-0'), horizon.admits('e-150')]).toEqual([true, false]);
  });

  it('admits again what was not taken after all', () => {
    const horizon = new Horizon(10);
    horizon.admits('e');
    horizon.forget('e');
    expect(horizon.admits('e')).toBe(true);
  });
});
