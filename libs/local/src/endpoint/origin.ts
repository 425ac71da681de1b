/**
 * Whether a `Host` header names this machine. A page of the internet that has its own name resolved to 127.0.0.1 does not get in.
 * Results are remembered: a handful of names is all there is.
 */
export function isLocal(host: string | undefined): boolean {
  if (host === undefined) return true;
  let local = remembered.get(host);
  if (local === undefined) {
    local = isLoopbackName(host.replace(/:\d+$/, '').toLowerCase());
    if (remembered.size >= 1_000) remembered.clear();
    remembered.set(host, local);
  }
  return local;
}

/** Whether an `Origin` is a page that this machine serves. */
export function pageOrigin(origin: string): boolean {
  return /^https?:\/\//.test(origin) && isLocal(origin.replace(/^https?:\/\//, ''));
}

const remembered = new Map<string, boolean>();

/** `host.docker.internal` is how a container of this machine calls it. */
function isLoopbackName(name: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)\.?$/.test(name);
}
