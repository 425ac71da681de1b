import { hourOf } from '../datasets.ts';
import type { LakeNotice } from '../notices.ts';
import type { QualityRule } from './rules.ts';

/** Whether a rule holds, and since when. */
export interface QualityState {
  readonly rule: string;
  readonly passed: boolean;
  readonly since: string;
}

export interface CheckQualityDeps {
  readonly rules: readonly QualityRule[];
  /** @returns the one number that a question answers with. */
  measure(sql: string): Promise<number>;
  findState(rule: string): Promise<QualityState | undefined>;
  keepState(state: QualityState): Promise<void>;
  /** Keeps results as lines of the dataset `quality_results`. */
  keepResults(id: string, lines: readonly string[]): Promise<void>;
  tell(notice: LakeNotice): Promise<void>;
}

const hourLong = 60 * 60_000;
const week = 7 * 24 * hourLong;

/**
 * Checks the hour that is over. Each result is a row of `quality_results`; that a rule is broken is told when it begins to be.
 *
 * @returns how many are broken.
 * @throws {AggregateError} when some could not be checked, after all others were.
 */
export const checkQuality =
  ({ rules, measure, findState, keepState, keepResults, tell }: CheckQualityDeps) =>
  async (time: Date): Promise<number> => {
    const checked = time.getTime() - hourLong;
    const hour = hourOf(new Date(checked).toISOString());
    const lastWeek = hourOf(new Date(checked - week).toISOString());
    const lines: string[] = [];
    let broken = 0;
    const failures: unknown[] = [];
    const numberOf = (sql: string): Promise<number> => measure(sql.replaceAll('{hour}', hour).replaceAll('{lastWeek}', lastWeek));
    for (const { name, dataset, sql, relativeTo, atMost, atLeast } of rules) {
      try {
        const base = relativeTo === undefined ? 1 : await numberOf(relativeTo);
        const measured = base === 0 ? 1 : (await numberOf(sql)) / base;
        const passed = (atMost === undefined || measured <= atMost) && (atLeast === undefined || measured >= atLeast);
        const allowed = atMost ?? atLeast ?? 0;
        // The same hour once more is the same result.
        lines.push(
          JSON.stringify({ id: `${hour}#${name}`, time: time.toISOString(), dataset, rule: name, hour, passed, measured, allowed }),
        );
        if (!passed) broken += 1;
        const before = await findState(name);
        if (before?.passed === passed) continue;
        if (!passed) await tell({ kind: 'quality-broken', dataset, rule: name, measured, limit: allowed });
        await keepState({ rule: name, passed, since: time.toISOString() });
      } catch (error) {
        failures.push(error);
      }
    }
    if (lines.length > 0) await keepResults(hour, lines);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} rules could not be checked`, { cause: failures[0] });
    return broken;
  };
