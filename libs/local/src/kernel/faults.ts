import type { Call } from './call.ts';

/** What to do to a call that a function makes of an AWS API. */
export type CallFault =
  /** Answer with an error instead of making the call. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly status: number;
      readonly members?: Readonly<Record<string, unknown>>;
    }
  /** Make the call, then drop the connection instead of answering. */
  | { readonly kind: 'lose-reply' }
  /** End the calling function's environment before the call, or after it. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Make another call instead, and perhaps change its answer: PutEvents that failed in part. */
  | { readonly kind: 'replace'; readonly input: Record<string, unknown>; readonly answer?: (answer: object) => object };

/** What to do to a batch that an event source is about to give a function. */
export type DeliveryFault =
  /** Give it, and give it again. */
  { readonly kind: 'duplicate' } | { readonly kind: 'reverse' } | { readonly kind: 'delay'; readonly ms: number };

/** What to do to an invocation. */
export type InvocationFault =
  | { readonly kind: 'throttle' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'timeout' }
  /** Of asynchronous ones: run it twice without any error, as AWS sometimes does. */
  | { readonly kind: 'duplicate' };

/** Faults on purpose. A test hands in a module that decides; without one there are none. */
export interface FaultHook {
  onCall?(call: Call): CallFault | undefined;
  onDelivery?(delivery: {
    functionName: string;
    eventSourceArn: string;
    records: readonly Readonly<Record<string, unknown>>[];
  }): DeliveryFault | undefined;
  onInvocation?(invocation: {
    functionName: string;
    type: 'RequestResponse' | 'Event' | 'mapping';
    payload: string;
  }): InvocationFault | undefined;
}
