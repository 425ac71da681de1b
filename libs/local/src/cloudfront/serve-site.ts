import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Kernel } from '../kernel/kernel.ts';
import { edgeEvent, InvalidResult, toAnswer, toViewerRequest } from './edge-event.ts';
import type { EdgeFunction } from './edge-function.ts';
import type { Behaviour, Distribution } from './model.ts';
import type { createObtain, Obtained } from './obtain.ts';
import { selectBehaviour } from './path-pattern.ts';
import { errorPage, viaOf } from './reply-headers.ts';
import { represent, type Representation } from './represent.ts';
import { applyResponsePolicy } from './response-policy.ts';
import { readViewerRequest, type ViewerRequest } from './viewer.ts';

export interface SiteDependencies {
  readonly obtain: ReturnType<typeof createObtain>;
  readonly functionOf: (arn: string) => EdgeFunction | undefined;
}

/** An answer, and how it came about, as `X-Cache` says it. */
interface Served extends Representation {
  readonly cache: string;
  readonly age?: number | undefined;
}

/** Serves one request to a distribution. */
export function createServeSite(kernel: Kernel, { obtain, functionOf }: SiteDependencies) {
  /** @returns what a function made of an event, or the answer to a function that failed. */
  const run = (arn: string, distribution: Distribution, event: object): { result: Record<string, unknown> } | { failed: Served } => {
    const edge = functionOf(arn);
    const { service } = distribution;
    const notice = (level: 'info' | 'error', message: string): void =>
      kernel.tell({ kind: 'notice', at: kernel.now(), level, service, message: `${edge?.name ?? arn}: ${message}` });
    try {
      if (!edge) throw new Error('there is no such function');
      const result = edge.run(event, (line) => notice('info', line));
      if (typeof result === 'object' && result !== null) return { result: result as Record<string, unknown> };
      throw new InvalidResult('it returned neither a request nor a response');
    } catch (error) {
      notice('error', String(error instanceof Error ? error.message : error));
      return { failed: functionFailure(error) };
    }
  };

  const before = (
    behaviour: Behaviour,
    distribution: Distribution,
    viewer: ViewerRequest,
  ): { viewer: ViewerRequest } | { served: Served } => {
    if (behaviour.viewerRequest === undefined) return { viewer };
    const ran = run(behaviour.viewerRequest, distribution, edgeEvent('viewer-request', distribution, viewer));
    if ('failed' in ran) return { served: ran.failed };
    const { result } = ran;
    if (result['statusCode'] !== undefined)
      return { served: attempt(() => ({ ...toAnswer(result, undefined), cache: 'FunctionGeneratedResponse' })) };
    try {
      return { viewer: toViewerRequest(result, viewer) };
    } catch (error) {
      return { served: functionFailure(error) };
    }
  };

  const after = (behaviour: Behaviour, distribution: Distribution, viewer: ViewerRequest, served: Served): Served => {
    const { responseHeadersPolicy: policy } = behaviour;
    const answer = policy ? { ...served, headers: applyResponsePolicy(served.headers, policy, viewer) } : served;
    if (behaviour.viewerResponse === undefined || answer.status >= 400) return answer;
    const ran = run(behaviour.viewerResponse, distribution, edgeEvent('viewer-response', distribution, viewer, answer));
    const changed = attempt(() => ('failed' in ran ? ran.failed : { ...answer, ...toAnswer(ran.result, answer) }));
    if (changed.body !== served.body) discard(served);
    return changed;
  };

  /** The page that a distribution has for an error, if it can be had. */
  const pageFor = async (distribution: Distribution, viewer: ViewerRequest, obtained: Obtained): Promise<Obtained | undefined> => {
    const page = distribution.errors.get(obtained.status)?.page;
    if (!page) return undefined;
    const asked = { ...viewer, method: viewer.method === 'HEAD' ? 'HEAD' : 'GET', uri: page.path, query: [] };
    const { range: _, ...headers } = viewer.headers;
    const behaviour = selectBehaviour(distribution, page.path);
    const found = await obtain({ distribution, behaviour, viewer: { ...asked, headers }, body: undefined });
    if (found.status !== 200) {
      discard(found);
      return undefined;
    }
    discard(obtained);
    return { ...found, status: page.status };
  };

  const answer = async (distribution: Distribution, request: IncomingMessage, sent: ViewerRequest): Promise<Served> => {
    if (!distribution.enabled) return refusal(403, 'The distribution is disabled.');
    if (sent.headers['via']?.some((via) => via.includes(viaOf(distribution, '').trim())))
      return refusal(403, 'The distribution is its own origin: it forwards the Host header to this machine.');
    const behaviour = selectBehaviour(distribution, sent.uri);
    if (!behaviour.allowedMethods.has(sent.method)) return refusal(403, `This distribution does not allow ${sent.method} here.`);
    const hasBody =
      request.headers['content-length'] !== undefined
        ? request.headers['content-length'] !== '0'
        : request.headers['transfer-encoding'] !== undefined;
    if (hasBody && (sent.method === 'GET' || sent.method === 'HEAD')) return refusal(403, `A ${sent.method} has no body.`);

    const first = before(behaviour, distribution, sent);
    if ('served' in first) return first.served;
    const isRoot = first.viewer.uri === '/' && distribution.rootObject !== '';
    const viewer = isRoot ? { ...first.viewer, uri: `/${distribution.rootObject}` } : first.viewer;
    const obtained = await obtain({ distribution, behaviour, viewer, body: hasBody ? request : undefined });
    const shown = (obtained.status >= 400 ? await pageFor(distribution, viewer, obtained) : undefined) ?? obtained;
    const cache = obtained.status >= 400 ? 'Error' : obtained.result;
    return after(behaviour, distribution, viewer, { ...represent(viewer, shown), cache, age: shown.age });
  };

  return async (distribution: Distribution, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const viewer = readViewerRequest(request);
    const served = await answer(distribution, request, viewer).catch((error: unknown) => {
      const message = `${distribution.name}.localhost${viewer.uri}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'error', service: distribution.service, message });
      return refusal(500, 'The laptop cloud failed at this request; its terminal says more.');
    });
    if (!request.readableEnded) request.resume();
    await send(distribution, viewer, served, response);
    kernel.tell({
      kind: 'request',
      at: kernel.now(),
      service: distribution.service,
      method: viewer.method,
      path: viewer.uri,
      status: served.status,
      durationMs: performance.now() - started,
    });
  };
}

async function send(distribution: Distribution, viewer: ViewerRequest, served: Served, response: ServerResponse): Promise<void> {
  const { status, body, cache, age } = served;
  const headers: Record<string, string | string[]> = { ...served.headers };
  const empty = status === 204 || status === 304 || viewer.method === 'HEAD';
  if (Buffer.isBuffer(body) && status !== 204 && status !== 304 && (viewer.method !== 'HEAD' || body.length > 0))
    headers['content-length'] = String(body.length);
  headers['x-cache'] = `${cache} from cloudfront`;
  headers['via'] = viaOf(distribution, viewer.httpVersion);
  headers['x-amz-cf-pop'] = 'LOCAL';
  headers['x-amz-cf-id'] = viewer.id;
  if (age !== undefined) headers['age'] = String(age);
  if (response.destroyed) return discard(served);
  response.writeHead(status, headers);
  if (empty) {
    discard(served);
    response.end();
  } else if (Buffer.isBuffer(body)) response.end(body);
  else {
    response.flushHeaders();
    // An origin or a viewer that goes away in the middle ends the connection on the other side.
    await pipeline(body, response).catch(() => {});
  }
}

/** Lets a body pass that nobody reads, so that it is kept, or its connection is free again. */
function discard({ body }: Pick<Representation, 'body'>): void {
  if (!Buffer.isBuffer(body)) body.resume();
}

/** What a function returned, read; or the answer to one that is not valid. */
function attempt(read: () => Served): Served {
  try {
    return read();
  } catch (error) {
    return functionFailure(error);
  }
}

function functionFailure(error: unknown): Served {
  const invalid = error instanceof InvalidResult;
  const page = errorPage(
    invalid ? 502 : 503,
    `The function associated with the distribution ${invalid ? `returned what is not valid: ${error.message}` : 'failed'}.`,
  );
  return { ...page, cache: invalid ? 'FunctionValidationError' : 'FunctionExecutionError' };
}

function refusal(status: number, message: string): Served {
  return { ...errorPage(status, message), cache: 'Error' };
}
