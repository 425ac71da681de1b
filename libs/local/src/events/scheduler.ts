import type { Kernel } from '../kernel/kernel.ts';
import { makeEvent } from './entry.ts';
import { ruleKey, type BusEvent, type Rule } from './model.ts';
import type { Registry } from './registry.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

interface Timed {
  readonly rule: Rule;
  readonly schedule: Schedule;
  readonly due: number | undefined;
}

export interface Scheduler {
  /** When the next rule is due, in milliseconds since 1970. */
  nextDue(): number | undefined;
  /** Fires each rule that is due, once, however long ago it was due. */
  runDue(): Promise<void>;
}

/** Enabled rules with a schedule. What was due while nothing ran is not made up for. */
export function createScheduler(kernel: Kernel, registry: Registry, fire: (rule: Rule, event: BusEvent) => Promise<void>): Scheduler {
  let timed = new Map<string, Timed>();
  let latest = kernel.now();

  const refresh = (): void => {
    const before = timed;
    timed = new Map();
    for (const rule of registry.rules('default')) {
      if (rule.scheduleExpression === undefined || rule.state !== 'ENABLED') continue;
      const known = before.get(ruleKey(rule.bus, rule.name));
      const same = known && known.rule.scheduleExpression === rule.scheduleExpression && known.rule.scheduledSince === rule.scheduledSince;
      const schedule = same ? known.schedule : parseSchedule(rule.scheduleExpression);
      const due = same ? known.due : schedule.next(kernel.now(), rule.scheduledSince ?? kernel.now());
      timed.set(ruleKey(rule.bus, rule.name), { rule, schedule, due });
    }
  };
  refresh();
  registry.onChange(refresh);

  return {
    nextDue: () => {
      let first: number | undefined;
      for (const { due } of timed.values()) if (due !== undefined && (first === undefined || due < first)) first = due;
      return first;
    },
    runDue: async () => {
      const now = kernel.now();
      if (now < latest) {
        // The clock was set back: what was due soon would be due far away.
        timed.clear();
        refresh();
      }
      latest = now;
      const fired: Promise<void>[] = [];
      for (const [key, { rule, schedule, due }] of timed) {
        if (due === undefined || due > now) continue;
        timed.set(key, { rule, schedule, due: schedule.next(now, rule.scheduledSince ?? now) });
        fired.push(fire(rule, scheduledEvent(kernel, rule, due)));
      }
      await Promise.all(fired);
    },
  };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
function scheduledEvent(kernel: Kernel, rule: Rule, due: number): BusEvent {
  return makeEvent(kernel, { source: 'aws.events', detailType: 'Scheduled Event', time: due, resources: [rule.arn], detail: {} });
}
