/** What a tracker needs of a page. */
export interface World {
  fetch(
    address: string,
    request: {
      readonly method: 'POST';
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Goes on when the page is gone. Browsers allow 64 KiB of that at a time. */
      readonly keepalive: boolean;
      readonly credentials: 'omit';
      readonly signal: AbortSignal;
    },
  ): Promise<{ readonly status: number }>;
  /** Hands JSON to the browser, to be sent whatever becomes of the page. @returns false when the browser does not take it. */
  sendBeacon(address: string, json: string): boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Of this tab and this visit. Absent where a browser keeps nothing. */
  readonly storage?: { getItem(name: string): string | null; setItem(name: string, value: string): void } | undefined;
  /** @returns what calls it off. */
  later(run: () => void, milliseconds: number): () => void;
  /** Whenever the page may be gone in a moment. */
  onHide(run: () => void): void;
  /** Whether the visitor's browser says that they want not to be followed. */
  readonly optedOut: boolean;
}

interface Target {
  addEventListener(name: string, run: () => void): void;
}

/** Those of a browser's globals that are used here; on a server most are not there. */
export interface Globals extends Partial<Target> {
  readonly document?: Target & { readonly visibilityState: string };
  readonly location?: { readonly href: string; readonly origin: string };
  readonly navigator?: {
    sendBeacon?(address: string, body: Blob): boolean;
    readonly globalPrivacyControl?: boolean;
    readonly doNotTrack?: string | null;
  };
  readonly sessionStorage?: World['storage'];
}

/** The browser's. */
export function browserWorld(globals = globalThis as Globals): World {
  const { document, location, navigator } = globals;
  return {
    fetch: (address, request) => fetch(address, request),
    // The API wants application/json. To another origin a beacon of that type asks first, with cookies, which the API does not allow; there a fetch that is kept alive goes without.
    sendBeacon: (address, json) =>
      location !== undefined &&
      new URL(address, location.href).origin === location.origin &&
      !!navigator?.sendBeacon?.(address, new Blob([json], { type: 'application/json' })),
    now: Date.now,
    random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
    storage: storageOf(globals),
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    onHide: (run) => {
      // A phone that puts a page away says only the first, and Safari that leaves a page only the second.
      document?.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && run());
      globals.addEventListener?.('pagehide', run);
    },
    optedOut: navigator?.globalPrivacyControl === true || navigator?.doNotTrack === '1',
  };
}

/** A browser that keeps nothing may refuse to be asked. */
function storageOf(globals: Globals): World['storage'] {
  try {
    return globals.sessionStorage;
  } catch {
    return undefined;
  }
}
