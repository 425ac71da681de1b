import { ConditionFailed } from './errors.ts';
import { held } from './held.ts';

describe('a conditional write', () => {
  it('held when it was made', async () => {
    await expect(held(async () => 'committed')).resolves.toBe(true);
  });

  it('did not hold when its condition failed', async () => {
    await expect(held(() => Promise.reject(new ConditionFailed([0], [undefined])))).resolves.toBe(false);
  });

  it('fails when anything else failed: nobody knows then whether it was made', async () => {
    await expect(held(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  });
});
