import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import { type Json, StateError } from './model.ts';

/** Tasks that wait until somebody who has their token says how they ended. A token is good while the process lives. */
export interface Tokens {
  create(): string;
  /** Waits for the answer. @param heartbeatMs how long there may be no sign of life. @throws {StateError} */
  wait(token: string, options: { readonly heartbeatMs?: number | undefined; readonly signal: AbortSignal }): Promise<Json>;
  /** @throws {AwsError} `TaskTimedOut` for a token that nobody waits for. */
  succeed(token: string, output: Json): void;
  fail(token: string, error: string, cause: string): void;
  beat(token: string): void;
}

interface Waiting {
  settle(how: () => Json): void;
  beat(): void;
}

export function createTokens(): Tokens {
  const waiting = new Map<string, Waiting>();
  const find = (token: string): Waiting => {
    const found = waiting.get(token);
    if (found) return found;
    throw new AwsError('TaskTimedOut', 'Task Timed Out: the provided task does not exist anymore');
  };
  return {
    create: randomUUID,
    wait: (token, { heartbeatMs, signal }) =>
      new Promise<Json>((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        const settle: Waiting['settle'] = (how) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          waiting.delete(token);
          try {
            resolve(how());
          } catch (error) {
            reject(error as Error);
          }
        };
        const stop = (): void => settle(() => fail('States.TaskFailed', 'The execution has ended.'));
        const beat = (): void => {
          clearTimeout(timer);
          if (heartbeatMs !== undefined) timer = setTimeout(() => settle(() => fail('States.HeartbeatTimeout', '')), heartbeatMs);
        };
        waiting.set(token, { settle, beat });
        signal.addEventListener('abort', stop, { once: true });
        beat();
      }),
    succeed: (token, output) => find(token).settle(() => output),
    fail: (token, error, cause) => find(token).settle(() => fail(error, cause)),
    beat: (token) => find(token).beat(),
  };
}

function fail(error: string, cause: string): never {
  throw new StateError(error, cause);
}
