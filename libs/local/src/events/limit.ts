/** Runs work, at most `most` pieces of it at a time; the rest waits in order. */
export function createLimit(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // A place is handed on, not given back: nobody who comes later can take it in between.
      if (next) next();
      else running--;
    }
  };
}
