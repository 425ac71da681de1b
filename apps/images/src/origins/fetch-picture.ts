import type { IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, request } from 'node:https';
import { isIP } from 'node:net';
import { sha256 } from '@larder/service/digest';
import type { Configuration, WebOrigin } from '../configuration/define-configuration.ts';
import { originOf } from '../configuration/mapping-of.ts';
import { ImageError } from '../image-error.ts';
import { defaultLimits, tooLarge } from '../transform/limits.ts';
import { publicLookup } from './public-lookup.ts';

/** A picture as an origin on the web gave it. */
export interface Fetched {
  readonly bytes: Uint8Array;
  /** Of its content: an origin's own may say less. */
  readonly etag: string;
  readonly cacheControl?: string | undefined;
  readonly lastModified?: Date | undefined;
}

export interface FetchOptions {
  readonly configuration: Pick<Configuration, 'origins'>;
  /** Milliseconds for everything, redirects and all. */
  readonly patience?: number;
  readonly mostBytes?: number;
  /** How connections are made. */
  readonly connection?: AgentOptions;
}

const mostRedirects = 3;

/**
 * Fetches pictures from origins on the web: by HTTPS only, from public addresses only, with no header of the one who asks. A redirect may lead to another address of a configured origin, three times.
 *
 * @throws {ImageError} `NoSuchKey`, `ImageBucket::CannotAccessBucket`, `TooLargeImageException`, `BadGateway`, `TimeoutException`.
 */
export function pictureFetcher({ configuration, patience = 8000, mostBytes = defaultLimits.sourceBytes, connection }: FetchOptions) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: patience, lookup: publicLookup(), ...connection });
  return async (address: string): Promise<Fetched> => {
    const signal = AbortSignal.timeout(patience);
    try {
      return await follow(address, { agent, configuration, mostBytes, signal }, mostRedirects);
    } catch (error) {
      if (error instanceof ImageError) throw error;
      if (signal.aborted) throw new ImageError('TimeoutException', 'The picture could not be read in time.', { cause: error });
      throw new ImageError('BadGateway', 'The origin of the picture could not be reached.', { cause: error });
    }
  };
}

interface Journey {
  readonly agent: Agent;
  readonly configuration: Pick<Configuration, 'origins'>;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

async function follow(address: string, journey: Journey, redirects: number): Promise<Fetched> {
  const origin = originOf(journey.configuration, address);
  // An address in figures is looked up by nobody, and so checked by nobody.
  if (!origin || isIP(new URL(address).hostname.replace(/^\[|\]$/g, '')) !== 0)
    throw new ImageError('BadGateway', 'The picture would have to come from where none may.');
  const answer = await ask(address, origin, journey);
  const { statusCode = 0, headers } = answer;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    answer.destroy();
    if (redirects === 0) throw new ImageError('BadGateway', 'The origin of the picture leads from one address to the next.');
    return follow(toAddress(headers.location, address), journey, redirects - 1);
  }
  if (statusCode !== 200) {
    answer.destroy();
    throw refusal(statusCode);
  }
  const bytes = await read(answer, journey.mostBytes);
  const modified = new Date(headers['last-modified'] ?? '');
  return {
    bytes,
    etag: `"${sha256(bytes)}"`,
    cacheControl: headers['cache-control']?.slice(0, 1024),
    lastModified: Number.isNaN(modified.getTime()) ? undefined : modified,
  };
}

function ask(address: string, { headers }: WebOrigin, { agent, signal }: Journey): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'larder-images', ...headers };
  request(address, { agent, signal, headers: sent }, resolve).on('error', reject).end();
  return promise;
}

async function read(answer: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) throw tooLarge(`The picture has more than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toAddress(location: string, base: string): string {
  if (URL.canParse(location, base)) return new URL(location, base).href;
  throw new ImageError('BadGateway', 'The origin of the picture leads to no address.');
}

function refusal(status: number): ImageError {
  if (status === 404 || status === 410) return new ImageError('NoSuchKey', 'There is no such picture.');
  if (status === 401 || status === 403) return new ImageError('ImageBucket::CannotAccessBucket', 'The picture may not be read.');
  return new ImageError('BadGateway', 'The origin of the picture did not give it.');
}
