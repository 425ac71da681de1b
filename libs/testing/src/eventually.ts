/** How long to wait for something that happens by itself, in milliseconds. Generous: it is a limit, not a measure. */
const PATIENCE_MS = 60_000;

/**
 * Asks again and again until there is an answer.
 *
 * @param ask gives undefined (or throws) as long as it has not happened.
 * @throws the last error, or one that says what was waited for.
 */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = Date.now() + patienceMs;
  let last: unknown;
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 500)) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${patienceMs} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
