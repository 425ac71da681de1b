import { request } from 'node:http';
import type { RunningLarder } from './larder.ts';

export interface SiteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/**
 * Asks a distribution of a running cloud, as a browser does: `images` is `http://images.localhost:<port>`, a name that not every machine finds.
 *
 * @param headers by their names in lower case; a `host` of one's own counts.
 */
export function askSite(
  { gateway }: RunningLarder,
  name: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SiteAnswer> {
  const { port } = new URL(gateway);
  const options = { host: '127.0.0.1', port, path, headers: { host: `${name}.localhost:${port}`, ...headers } };
  return new Promise((onAnswer, onError) => {
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => onAnswer({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', onError);
    })
      .on('error', onError)
      .end();
  });
}
