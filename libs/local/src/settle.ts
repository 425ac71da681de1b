/** Nothing has run for this long: what was set in motion has come to rest. */
const QUIET_MS = 100;
/** Something always runs, a schedule or a loop of events: it is not waited for any longer. */
const MOST_MS = 5_000;

/**
 * Waits until what a deployment set in motion is done, for a bounded time: the events of a custom resource, the projection of a table that it filled.
 * Whoever is told "ready" finds the shelves filled.
 *
 * @param running how many invocations run at the moment
 */
export async function settle(running: () => number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + MOST_MS;
  let busyAt = performance.now();
  while (!signal.aborted && performance.now() < deadline && performance.now() - busyAt < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (running() > 0) busyAt = performance.now();
  }
}
