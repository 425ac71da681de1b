import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PlainReply, PlainRequest, PlainRoute } from '../endpoint/endpoint.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { Activity } from '../kernel/kernel.ts';
import type { LambdaPort } from '../kernel/ports.ts';
import type { ServiceState } from '../service-state.ts';
import { RESPONSE_PATH, type CustomResources } from '../stack/custom-resource.ts';
import type { DeadLetters } from './dead-letters.ts';
import { isLog, type Journal } from './journal.ts';
import type { CloudStatus, QueueStatus } from './status.ts';

export interface ControlDependencies {
  readonly journal: Journal;
  readonly lambda: LambdaPort;
  readonly custom: CustomResources;
  readonly deadLetters: DeadLetters;
  service(name: string): ServiceState | undefined;
  status(): Promise<CloudStatus>;
  /** Begins to start over without the state that was kept; undefined where nobody can. */
  readonly reset: (() => void) | undefined;
  /** How often a stream without news says that it goes on. */
  readonly heartbeatMs?: number | undefined;
}

/** `fetch` takes five minutes without a byte for the end. */
const HEARTBEAT_MS = 60_000;

/** What the command line asks of a running cloud: `/_local/…` at the endpoint. */
export function controlRoutes(dependencies: ControlDependencies): readonly PlainRoute[] {
  const { journal, custom, heartbeatMs } = dependencies;
  return [
    { method: 'GET', path: '/_local/status', handle: async () => json(await dependencies.status()) },
    { method: 'GET', path: '/_local/logs', handle: (request) => logs(request, dependencies) },
    {
      method: 'GET',
      path: '/_local/events',
      handle: ({ query, signal }) =>
        query.has('follow')
          ? stream(
              follow(journal, signal, ({ kind }) => kind === 'event'),
              signal,
              heartbeatMs,
            )
          : json(journal.events()),
    },
    { method: 'POST', path: '/_local/invoke', handle: (request) => invoke(request, dependencies) },
    {
      method: 'GET',
      path: '/_local/queues/{queue}/messages',
      handle: async ({ params }) => json(dependencies.deadLetters.show((await findQueue(params, dependencies)).queue)),
    },
    {
      method: 'POST',
      path: '/_local/queues/{queue}/redrive',
      handle: async ({ params }) => {
        const { queue, sources } = await findQueue(params, dependencies);
        return json({ redriven: await dependencies.deadLetters.redrive(queue, sources) });
      },
    },
    {
      method: 'POST',
      path: '/_local/reset',
      handle: () => {
        if (dependencies.reset === undefined)
          throw new AwsError('Conflict', 'This cloud was not started by `up`: whoever started it has to end it.', 409);
        dependencies.reset();
        return json({ resetting: true }, 202);
      },
    },
    {
      method: 'PUT',
      path: `${RESPONSE_PATH}{id}`,
      handle: ({ params, body }) => {
        const expected = custom.answer(params['id'] ?? '', body.toString());
        return expected ? { status: 200 } : json({ message: 'Nobody waits for this answer any more.' }, 404);
      },
    },
  ];
}

function logs({ query, signal }: PlainRequest, { journal, service, heartbeatMs }: ControlDependencies): PlainReply {
  const name = query.get('service') ?? undefined;
  const owner = name === undefined ? undefined : service(name);
  if (name !== undefined && owner === undefined) throw new AwsError('NotFound', `There is no service '${name}' here.`, 404);
  const past = journal.logs(name);
  if (!query.has('follow')) return json(past);
  const names = new Set(Object.values(owner?.packaged?.functions ?? {}));
  const wanted = (activity: Activity): boolean => {
    if (!isLog(activity)) return false;
    if (name === undefined) return true;
    return 'service' in activity ? activity.service === name : 'functionName' in activity && names.has(activity.functionName);
  };
  return stream(follow(journal, signal, wanted, past), signal, heartbeatMs);
}

async function invoke({ body }: PlainRequest, dependencies: ControlDependencies): Promise<PlainReply> {
  const input = object(body);
  const service = dependencies.service(text(input, 'service'));
  if (service === undefined) throw new AwsError('NotFound', `There is no service '${String(input['service'])}' here.`, 404);
  const name = text(input, 'function');
  const functions = service.packaged?.functions ?? {};
  const [, functionName] = Object.entries(functions).find((names) => names.includes(name)) ?? [];
  if (functionName === undefined) {
    const known = Object.keys(functions).join(', ') || 'none';
    throw new AwsError('NotFound', `The service ${service.name} has no function '${name}'. It has: ${known}.`, 404);
  }
  const result = await dependencies.lambda.invoke({
    functionName,
    payload: JSON.stringify(input['payload'] === undefined ? {} : input['payload']),
    type: 'RequestResponse',
  });
  return json({ functionError: result.functionError, payload: result.payload === '' ? null : (JSON.parse(result.payload) as unknown) });
}

async function findQueue(
  params: PlainRequest['params'],
  { status }: ControlDependencies,
): Promise<{ readonly queue: QueueStatus; readonly sources: readonly QueueStatus[] }> {
  const queues = (await status()).services.flatMap((service) => service.queues);
  const queue = queues.find(({ name }) => name === params['queue']);
  if (queue === undefined) throw new AwsError('NotFound', `There is no queue '${params['queue']}' here; \`dlq list\` names them.`, 404);
  return { queue, sources: queues.filter(({ name }) => queue.deadLetterOf.includes(name)) };
}

/** What was and what comes, as lines. From the call on nothing is missed, whenever the reading begins. */
function follow(
  journal: Journal,
  signal: AbortSignal,
  wanted: (activity: Activity) => boolean,
  past: readonly Activity[] = [],
): AsyncIterable<string> {
  const future = journal.follow(signal);
  return (async function* () {
    for (const activity of past) yield `${JSON.stringify(activity)}\n`;
    for await (const activity of future) if (wanted(activity)) yield `${JSON.stringify(activity)}\n`;
  })();
}

function object(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new AwsError('BadRequest', 'The body must be a JSON object.');
}

function text(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new AwsError('BadRequest', `The body needs a text '${name}'.`);
  return value;
}

function json(value: unknown, status = 200): PlainReply {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

/** Lines as they come, and an empty one now and then. */
function stream(lines: AsyncIterable<string>, signal: AbortSignal, heartbeatMs = HEARTBEAT_MS): PlainReply {
  const body = new PassThrough({ objectMode: true });
  const heartbeat = setInterval(() => body.writable && body.write('\n'), heartbeatMs).unref();
  // A reader that has left ends it, which is no failure.
  void pipeline(lines, body, { signal })
    .catch(() => {})
    .finally(() => clearInterval(heartbeat));
  return { status: 200, headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' }, body };
}
