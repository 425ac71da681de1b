/** The memory of one event in one function: handed to `commit`, it makes the effect happen once. */
export interface EventOnce {
  readonly kind: 'event';
  /** Key in the inbox. */
  readonly id: string;
}

/** The memory of one request with its `Idempotency-Key`: handed to `commit` together with the answer. */
export interface RequestOnce<Answer extends object = object> {
  readonly kind: 'request';
  /** Key in the inbox. */
  readonly id: string;
  /** Digest of the request: the same key with another one is a mistake of the caller's. */
  readonly fingerprint: string;
  /** `commit` says what the inbox now holds; undefined when the record that stood in its way is gone since. */
  settle(outcome: Settled<Answer> | undefined): void;
}

export type Once = EventOnce | RequestOnce;

/** What the inbox holds of a request. */
export interface Settled<Answer extends object = object> {
  readonly fingerprint: string;
  readonly answer: Answer;
}
