import type { Activity } from '../kernel/kernel.ts';
import { readLogLine } from './log-line.ts';
import { ring, type Ring } from './ring.ts';

/** Remembers what happened lately, and tells it to whoever follows. */
export interface Journal {
  tell(activity: Activity): void;
  /** Log lines, invocations, denials and notices, oldest first; of one service, or of all. */
  logs(service?: string): readonly Activity[];
  /** Events that were put on a bus, oldest first. */
  events(): readonly Activity[];
  /** What went wrong last in a service. */
  lastError(service: string): { readonly at: number; readonly message: string } | undefined;
  /** Everything from now on, until the signal ends it. One who reads too slowly misses the oldest. */
  follow(signal: AbortSignal): AsyncIterable<Activity>;
  /** Calls back for everything from now on. */
  listen(listener: (activity: Activity) => void): () => void;
}

const LINES_PER_SERVICE = 5_000;
/** Invocations that went well are many, and must not push out what went wrong. */
const INVOCATIONS_PER_SERVICE = 1_000;
const EVENTS = 5_000;
const FOLLOWER_BACKLOG = 10_000;

/** @param serviceOf the service of a function, for activities that name a function only. */
export function createJournal(serviceOf: (functionName: string) => string | undefined): Journal {
  const logs = new Map<string, Logs>();
  const events = ring<Activity>(EVENTS);
  const errors = new Map<string, { at: number; message: string }>();
  const listeners = new Set<(activity: Activity) => void>();

  const serviceFor = (activity: Activity): string => {
    if (activity.kind === 'denied') return serviceOf(activity.functionName) ?? '';
    return 'service' in activity ? (activity.service ?? '') : '';
  };

  const journal: Journal = {
    tell(activity) {
      if (activity.kind === 'event') events.add(activity);
      else if (isLog(activity)) {
        const service = serviceFor(activity);
        let kept = logs.get(service);
        if (kept === undefined) logs.set(service, (kept = { lines: ring(LINES_PER_SERVICE), done: ring(INVOCATIONS_PER_SERVICE) }));
        kept[activity.kind === 'invocation' && activity.outcome === 'ok' ? 'done' : 'lines'].add(activity);
        const message = errorIn(activity);
        if (message !== undefined) errors.set(service, { at: activity.at, message });
      }
      for (const listener of listeners) listener(activity);
    },
    logs(service) {
      const wanted = service === undefined ? [...logs.values()] : [logs.get(service) ?? []].flat();
      return wanted.flatMap(({ lines, done }) => [...lines.items(), ...done.items()]).sort((a, b) => a.at - b.at);
    },
    events: () => events.items(),
    lastError: (service) => errors.get(service),
    follow(signal) {
      const backlog: Activity[] = [];
      let wake: (() => void) | undefined;
      // From here on nothing is missed, even before the first item is asked for.
      const stop = journal.listen((activity) => {
        backlog.push(activity);
        if (backlog.length > FOLLOWER_BACKLOG) backlog.shift();
        wake?.();
      });
      signal.addEventListener('abort', () => (stop(), wake?.()), { once: true });
      return (async function* () {
        while (!signal.aborted) {
          const activity = backlog.shift();
          if (activity !== undefined) yield activity;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      })();
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return journal;
}

/** Whether `logs` shows it. */
export function isLog(activity: Activity): boolean {
  return activity.kind !== 'event' && activity.kind !== 'request';
}

interface Logs {
  readonly lines: Ring<Activity>;
  readonly done: Ring<Activity>;
}

function errorIn(activity: Activity): string | undefined {
  switch (activity.kind) {
    case 'notice':
      return activity.level === 'error' ? activity.message : undefined;
    case 'denied':
      return activity.reason;
    case 'invocation':
      return activity.outcome === 'timeout' || activity.outcome === 'crash' ? `${activity.functionName}: ${activity.outcome}` : undefined;
    case 'log': {
      // Most lines are no errors, and are not worth reading.
      if (!/ERROR|FATAL/i.test(activity.line)) return undefined;
      const { level, message, error } = readLogLine(activity.line);
      if (level !== 'ERROR' && level !== 'FATAL') return undefined;
      return [activity.functionName, message, error?.message].filter((text) => text !== undefined && text !== '').join(': ');
    }
    default:
      return undefined;
  }
}
