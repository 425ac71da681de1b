import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another program listens where we should. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly code = 'PORT_IN_USE';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`Port ${port} is in use: end the program that listens there, or choose another port.`, { cause });
    this.port = port;
  }
}

export interface Listening {
  readonly port: number;
  /** Takes no more connections, lets requests under way end for at most `graceMs`, and then drops them. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves HTTP on the loopback addresses: `localhost` means `127.0.0.1` to some programs and `::1` to others.
 *
 * @param port 0 for any that is free.
 * @param host one address only.
 * @throws {PortInUse}
 */
export async function listenOnLoopback(listener: RequestListener, port: number, host?: string): Promise<Listening> {
  const first = await open(listener, port, host ?? '127.0.0.1');
  const actual = (first.address() as AddressInfo).port;
  const servers = [first];
  if (host === undefined) {
    try {
      servers.push(await open(listener, actual, '::1'));
    } catch (error) {
      // No IPv6 here is no harm. Somebody else on the port is: half of the callers of `localhost` would reach them.
      if (error instanceof PortInUse && port !== 0) {
        await end(first, 0);
        throw error;
      }
    }
  }
  return {
    port: actual,
    close: async (graceMs = 2_000) => {
      await Promise.all(servers.map((server) => end(server, graceMs)));
    },
  };
}

function open(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(
    {
      // Long enough to outlive a pause between the calls of a function, whose SDK keeps its connection.
      keepAliveTimeout: 75_000,
      headersTimeout: 20_000,
      requestTimeout: 120_000,
      noDelay: true,
    },
    listener,
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new PortInUse(port, error) : error));
    server.listen({ port, host }, () => resolve(server));
  });
}

async function end(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
