import { setImmediate as pause } from 'node:timers/promises';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import type { Archives } from './archives.ts';
import type { BusEvent, Replay } from './model.ts';

const batch = 50;
/** AWS forgets a replay after 90 days. */
const keptMs = 90 * 86_400_000;

export interface Replays {
  start(request: Pick<Replay, 'name' | 'description' | 'archive' | 'bus' | 'filterArns' | 'from' | 'until'>): Replay;
  cancel(name: string): Replay;
  get(name: string): Replay;
  all(): readonly Replay[];
  /** Goes on with replays that the last process left unfinished. */
  resume(): void;
  /** Resolves when no replay runs. */
  settled(): Promise<void>;
  /** Stops after the batches under way; the next process goes on. */
  close(): Promise<void>;
}

/**
 * Replays archived events to the bus they came from, in order of minutes, with `replay-name` added. The position is on disk, so that
 * a replay goes on after a restart; a batch may then come twice.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export function createReplays(
  kernel: Kernel,
  state: State,
  archives: Archives,
  put: (
    bus: string,
    event: BusEvent,
    passed: { traceHeader?: string | undefined; onlyRules?: ReadonlySet<string> | undefined },
  ) => Promise<void>,
): Replays {
  const replays = state.documents<Replay>('replay');
  const running = new Set<Promise<void>>();
  let closing = false;

  const get = (name: string): Replay => {
    const replay = replays.get(name);
    if (!replay) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  };
  const change = (name: string, changes: Partial<Replay>): Replay => {
    const replay = { ...get(name), ...changes };
    replays.put(name, replay);
    return replay;
  };

  const run = async (name: string): Promise<void> => {
    if (get(name).state === 'STARTING') change(name, { state: 'RUNNING' });
    for (;;) {
      if (closing) return;
      const replay = get(name);
      if (replay.state === 'CANCELLING') return void change(name, { state: 'CANCELLED', endedAt: kernel.now() });
      const found = archives.read(replay.archive, { from: replay.from, until: replay.until, after: replay.position }, batch);
      const onlyRules = replay.filterArns.length > 0 ? new Set(replay.filterArns) : undefined;
      await Promise.all(
        found.map(({ event, traceHeader }) => put(replay.bus, { ...event, 'replay-name': name }, { traceHeader, onlyRules })),
      );
      const last = found.at(-1);
      if (last) change(name, { position: { minute: last.minute, id: last.id }, lastEventAt: Date.parse(last.event.time) });
      // Queues of this process take events at once: without a pause a long replay would let nothing else run.
      await pause();
      if (found.length < batch && get(name).state === 'RUNNING') return void change(name, { state: 'COMPLETED', endedAt: kernel.now() });
    }
  };

  const launch = (name: string): void => {
    const work: Promise<void> = run(name)
      .catch((error: unknown) => {
        if (replays.get(name))
          change(name, { state: 'FAILED', reason: error instanceof Error ? error.message : String(error), endedAt: kernel.now() });
      })
      .finally(() => running.delete(work));
    running.add(work);
  };

  return {
    start: (request) => {
      if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(request.name))
        throw new AwsError('ValidationException', 'ReplayName is at most 64 of A-Z a-z 0-9 . - _');
      if (replays.get(request.name)) throw new AwsError('ResourceAlreadyExistsException', `Replay ${request.name} already exists.`);
      if (!(request.from < request.until))
        throw new AwsError(
          'ValidationException',
          'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
        );
      for (const old of replays.all()) if ((old.endedAt ?? Infinity) < kernel.now() - keptMs) replays.delete(old.name);
      const arn = `arn:${kernel.partition}:events:${kernel.region}:${kernel.accountId}:replay/${request.name}`;
      const replay: Replay = { ...request, arn, state: 'STARTING', startedAt: kernel.now() };
      replays.put(request.name, replay);
      // Answered before it runs, as AWS does.
      setImmediate(() => {
        if (!closing) launch(request.name);
      });
      return replay;
    },
    cancel: (name) => {
      const { state: now } = get(name);
      if (now !== 'STARTING' && now !== 'RUNNING')
        throw new AwsError('IllegalStatusException', `Replay ${name} is not in a valid state for this operation.`);
      return change(name, { state: 'CANCELLING' });
    },
    get,
    all: () => replays.all(),
    resume: () => {
      for (const replay of replays.all()) if (['STARTING', 'RUNNING', 'CANCELLING'].includes(replay.state)) launch(replay.name);
    },
    settled: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      while (running.size > 0) await Promise.all(running);
    },
    close: async () => {
      closing = true;
      await Promise.all(running);
    },
  };
}
