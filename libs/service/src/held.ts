import { ConditionFailed } from './errors.ts';

/**
 * Makes a conditional write.
 *
 * @returns whether its condition held; false means that nothing was written.
 */
export async function held(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
