import type { Definition, Execution, Json } from './model.ts';
import type { Store } from './store.ts';

/** Where an execution goes on. */
export interface Place {
  /** A state of the state machine itself: one of a branch begins again with its branch. */
  readonly state: string;
  readonly input: Json;
  /** How many events its history has. */
  readonly recorded: number;
}

const pageSize = 1_000;

/** The state that an execution was in when the process ended, which is done once more; undefined for one that had not begun. */
export function placeOf(execution: Pick<Execution, 'arn' | 'definition'>, store: Pick<Store, 'history' | 'length'>): Place | undefined {
  const { States } = JSON.parse(execution.definition) as Definition;
  const recorded = store.length(execution.arn);
  for (let offset = 0; offset < recorded; offset += pageSize) {
    for (const { type, details } of store.history(execution.arn, { offset, limit: pageSize, newestFirst: true })) {
      const { name = '', input = 'null' } = (details?.['stateEnteredEventDetails'] ?? {}) as { name?: string; input?: string };
      if (type.endsWith('StateEntered') && Object.hasOwn(States, name)) return { state: name, input: JSON.parse(input) as Json, recorded };
    }
  }
  return undefined;
}

/** What is left of the time that the definition gives: the clock goes on while the cloud is away. */
export function remaining(
  { TimeoutSeconds }: Definition,
  { startedAt }: Pick<Execution, 'startedAt'>,
  now: number,
): { TimeoutSeconds?: number } {
  if (TimeoutSeconds === undefined) return {};
  return { TimeoutSeconds: Math.max(0.001, TimeoutSeconds - (now - startedAt) / 1000) };
}
