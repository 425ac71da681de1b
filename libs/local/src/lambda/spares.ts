import { startEnvironment, type Environment } from './environment.ts';

/** Threads that have started and belong to no function yet: they take most of the wait out of a cold start. */
export interface Spares {
  /** A thread with this memory limit: the one that is ready, or a new one. Another is made ready for the next. */
  take(memoryMb: number): Environment;
  fill(memoryMb: number): void;
  close(): Promise<void>;
}

/** The next one starts when the one that was taken has had the processor for its own initialisation. */
const REFILL_MS = 100;

export function createSpares(): Spares {
  /** One for each memory size that is in use: the limit of a thread is fixed as it starts. */
  const ready = new Map<number, Environment>();
  let closed = false;
  const fill = (memoryMb: number): void => {
    if (!closed && !ready.get(memoryMb)?.alive) ready.set(memoryMb, startEnvironment(memoryMb));
  };
  return {
    fill,
    take(memoryMb) {
      const spare = ready.get(memoryMb);
      ready.delete(memoryMb);
      setTimeout(fill, REFILL_MS, memoryMb).unref();
      return spare?.alive ? spare : startEnvironment(memoryMb);
    },
    async close() {
      closed = true;
      await Promise.all([...ready.values()].map((environment) => environment.end().catch(() => {})));
    },
  };
}
