import { table } from '@larder/service/table';
import type { QualityState } from './check-quality.ts';

const states = table<QualityState>('Quality');

export const findState = (rule: string): Promise<QualityState | undefined> => states.get({ rule }, { consistent: true });
export const keepState = (state: QualityState): Promise<void> => states.put(state);
