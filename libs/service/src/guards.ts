/** Keeps a failing service from being asked by everybody all the time. */
export interface CircuitBreaker {
  /** Whether a call may be made. In the half-open state one may, and whoever got the permission reports how it went. */
  permits(): boolean;
  report(outcome: 'succeeded' | 'failed'): void;
  readonly state: 'closed' | 'open' | 'half-open';
}

export interface Clock {
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Closed as long as calls succeed; open, for 2 to 6 seconds, once half of at least 10 calls within 10 seconds failed; then half-open: one call decides.
 * https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
 */
export function createCircuitBreaker({ now, random }: Clock): CircuitBreaker {
  let state: CircuitBreaker['state'] = 'closed';
  let since = now();
  let openUntil = 0;
  let calls = 0;
  let failures = 0;

  const enter = (next: CircuitBreaker['state']): void => {
    state = next;
    since = now();
    calls = 0;
    failures = 0;
    if (next === 'open') openUntil = now() + 2000 + random() * 4000;
  };

  return {
    get state() {
      return state;
    },
    permits() {
      if (state === 'closed') return true;
      // A probe whose caller was frozen never reports: after a while another may go.
      const free = state === 'open' ? now() >= openUntil : now() >= since + 10_000;
      if (free) enter('half-open');
      return free;
    },
    report(outcome) {
      if (state === 'half-open') return enter(outcome === 'succeeded' ? 'closed' : 'open');
      // What was asked before it opened tells nothing new.
      if (state === 'open') return;
      if (now() - since > 10_000) enter('closed');
      calls += 1;
      if (outcome === 'failed') failures += 1;
      if (calls >= 10 && failures * 2 >= calls) enter('open');
    },
  };
}

/** Limits how much retries add to a service's load. */
export interface RetryBudget {
  /** Takes what a retry costs, if it is there. */
  spend(): boolean;
  /** A call that succeeded pays for a tenth of a retry. */
  earn(): void;
}

/** A bucket of 10 tokens: retries stay below a tenth of the calls once it is empty. https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
export function createRetryBudget(capacity = 10): RetryBudget {
  let tokens = capacity;
  return {
    spend() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    earn() {
      tokens = Math.min(capacity, tokens + 0.1);
    },
  };
}
