/** One thing of a batch to be worked on, and what became of it. */
export interface Task<Item> {
  readonly item: Item;
  /** `held`: not tried, because one before it in its lane failed · `waiting`: not tried, because time ran out. */
  state: 'waiting' | 'running' | 'done' | 'failed' | 'held';
}

export interface LaneOptions<Item> {
  /** Things of one lane are worked on in order, those of different lanes at once. */
  readonly laneOf: (item: Item) => string;
  /** Lanes at once. */
  readonly concurrency: number;
  /** Whether a failure keeps back what comes after it in its lane. */
  readonly holdAfterFailure: boolean;
  /** Milliseconds after which nothing further is begun and what runs is no longer waited for. */
  readonly within: number;
}

/**
 * Works through a batch with bounded parallelism and in order by lane. It never throws and never outlasts its time: what is still running then stays `running`.
 *
 * @param work rejects for what failed; it reports the error itself.
 */
export async function runLanes<Item>(
  items: readonly Item[],
  options: LaneOptions<Item>,
  work: (item: Item) => Promise<void>,
): Promise<Task<Item>[]> {
  const tasks = items.map((item): Task<Item> => ({ item, state: 'waiting' }));
  const lanes = new Map<string, Task<Item>[]>();
  for (const task of tasks) {
    const name = options.laneOf(task.item);
    const lane = lanes.get(name);
    if (lane) lane.push(task);
    else lanes.set(name, [task]);
  }
  let over = options.within <= 0;
  const queue = lanes.values();
  const worker = async (): Promise<void> => {
    for (const lane of queue) {
      let failed = false;
      for (const task of lane) {
        if (over) return;
        if (failed && options.holdAfterFailure) {
          task.state = 'held';
          continue;
        }
        task.state = 'running';
        try {
          await work(task.item);
          task.state = 'done';
        } catch {
          task.state = 'failed';
          failed = true;
        }
      }
    }
  };
  let ended = false;
  const workers = Promise.all(Array.from({ length: Math.min(options.concurrency, lanes.size) }, worker)).then(() => {
    ended = true;
  });
  const { promise: timeout, resolve: expire } = Promise.withResolvers<void>();
  const timer = setTimeout(expire, Math.min(options.within, 2 ** 31 - 1));
  await Promise.race([workers, timeout]);
  clearTimeout(timer);
  over = true;
  // What ends from here on is reported as it stands now: its work may still be undone by the end of the environment.
  return ended ? tasks : tasks.map((task) => ({ ...task }));
}
