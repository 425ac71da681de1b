/** What the cloud and the thread of an execution environment say to each other. Types only: the thread imports nothing at run time. */

/** Makes an idle thread the environment of a function: its variables first, then its code. */
export interface Bind {
  readonly kind: 'bind';
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that Lambda calls `/var/task`. */
  readonly taskRoot: string;
  /** `src/place-order/handler.handler`. */
  readonly handler: string;
  /** 24 of `nodejs24.x`: from there on Lambda has no callbacks. */
  readonly runtimeMajor: number;
}

export interface Invoke {
  readonly kind: 'invoke';
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly functionArn: string;
  readonly traceHeader: string;
  /** JSON text. */
  readonly clientContext?: string | undefined;
  readonly remainingMs: number;
}

/** A piece of a streamed answer has been taken: as many bytes may follow. */
export interface Taken {
  readonly kind: 'taken';
  readonly requestId: string;
  readonly bytes: number;
}

export type ToThread = Bind | Invoke | Taken;

export type FromThread =
  | { readonly kind: 'ready' }
  /** The code could not be loaded; `error` is the JSON text that Lambda answers with. */
  | { readonly kind: 'init-error'; readonly error: string }
  /** A piece of an answer that is streamed; its memory changes hands. */
  | {
      readonly kind: 'piece';
      readonly requestId: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly contentType: string;
    }
  | {
      readonly kind: 'answer';
      readonly requestId: string;
      /** JSON text: what the handler returned, or `{errorType, errorMessage, trace}`; empty after a stream. */
      readonly payload: string;
      readonly failed: boolean;
      /** The environment ends after this answer: an exception that nobody caught. */
      readonly fatal: boolean;
      readonly heapBytes: number;
    }
  | { readonly kind: 'log'; readonly requestId: string; readonly text: string };

/** What a thread is started with. */
export interface ThreadData {
  /** One number: the characters of log output that are under way. A function that writes faster than they are taken loses lines. */
  readonly logCharactersUnderWay: SharedArrayBuffer;
}
