import { readFile } from 'node:fs/promises';
import type { Timed } from '@larder/streaming/rules/watch';

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

const columns = [
  'event_id',
  'event_time',
  'type',
  'session_id',
  'product_id',
  'quantity',
  'page',
  'words',
  'order_id',
  'amount',
  'currency',
  'milliseconds',
  'code',
] as const;
const sqlTime = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ');
const hour = 60 * 60_000;

/** Events that the lake has kept, by its API. An hour is asked at a time: an answer holds 100,000 rows. @throws Error that says what the lake says. */
export async function* ofLake(url: string, token: string, { from, to }: Span): AsyncGenerator<Timed> {
  const ask = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/lake${path}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`The lake at ${url} answered ${response.status}: ${String(answer['detail'] ?? answer['message'])}`);
    return answer;
  };
  for (let at = from.getTime(); at < to.getTime(); at += hour) {
    const [begin, end] = [new Date(at), new Date(Math.min(at + hour, to.getTime()))];
    const sql = `SELECT ${columns.join(', ')} FROM page_events WHERE event_time >= '${sqlTime(begin)}' AND event_time < '${sqlTime(end)}' ORDER BY event_time`;
    const { queryId } = await ask('/queries', { sql });
    let answer = await ask(`/queries/${String(queryId)}`);
    while (answer['status'] === 'QUEUED' || answer['status'] === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, 200));
      answer = await ask(`/queries/${String(queryId)}`);
    }
    if (answer['status'] !== 'SUCCEEDED') throw new Error(`The lake could not answer: ${String(answer['error'])}`);
    if (answer['truncated'] === true) throw new Error(`There is more from ${sqlTime(begin)} to ${sqlTime(end)} than an answer holds.`);
    for (;;) {
      for (const row of answer['rows'] as unknown[][]) yield toTimed(row);
      if (answer['cursor'] === undefined) break;
      answer = await ask(`/queries/${String(queryId)}?cursor=${String(answer['cursor'])}`);
    }
  }
}

function toTimed(row: readonly unknown[]): Timed {
  const [id, time, type, sessionId, productId, quantity, page, words, orderId, amount, currency, milliseconds, code] = row;
  const given = {
    sessionId,
    productId,
    quantity,
    page,
    words,
    orderId,
    milliseconds,
    code,
    ...(amount !== null && { total: { amount, currency } }),
  };
  const event = { id: String(id), type: String(type), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) };
  return { event, at: Date.parse(`${String(time).replace(' ', 'T')}Z`) };
}

/** Events of a file, one a line, as pages send them. @throws Error that names the line. */
export async function* ofFile(path: string, { from, to }: Span): AsyncGenerator<Timed> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  for (const [number, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = parse(line);
    const at = Date.parse(event?.time ?? '');
    if (!event?.id || !event.type || Number.isNaN(at))
      throw new Error(`${path}:${number + 1}: this is no event with an id, a type and a time`);
    if (at >= from.getTime() && at < to.getTime()) yield { event: { ...event, id: event.id, type: event.type }, at };
  }
}

function parse(line: string): { readonly id?: string; readonly type?: string; readonly time?: string } | undefined {
  try {
    return JSON.parse(line) as object;
  } catch {
    return undefined;
  }
}
