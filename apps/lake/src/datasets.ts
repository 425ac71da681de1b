import { pageEvents } from '@larder/contracts/clickstream/page-events';

/** A row by its columns; what is absent is null. */
export type Row = { readonly event_id: string; readonly event_time: string; readonly type: string } & Readonly<Record<string, unknown>>;

/** One row an event. `event_id` is unique; `event_time` says which hour a row belongs to. */
export interface Dataset {
  readonly name: string;
  readonly description: string;
  /** What says what a row is, and whose that is. */
  readonly origin: { readonly contract: string; readonly owner?: string };
  /** Types as DuckDB has them. */
  readonly columns: Readonly<Record<string, string>>;
  /** What becomes of what names an erased person: the whole of it goes, or only the name does, where what remains says nothing of anybody. */
  readonly erase: 'row' | 'name';
  /** @returns the row of what arrived as one line, or a sentence about why it is none. */
  toRow(line: string): Row | { readonly problem: string };
}

const common = { event_id: 'VARCHAR', event_time: 'TIMESTAMP', type: 'VARCHAR' } as const;

const pages: Dataset = {
  name: 'page_events',
  description: pageEvents.description,
  origin: { contract: pageEvents.name, owner: 'clickstream' },
  erase: 'row',
  columns: {
    ...common,
    ...{ session_id: 'VARCHAR', product_id: 'VARCHAR', quantity: 'INTEGER', page: 'VARCHAR', words: 'VARCHAR' },
    ...{ order_id: 'VARCHAR', amount: 'BIGINT', currency: 'VARCHAR', milliseconds: 'INTEGER', code: 'VARCHAR' },
  },
  toRow(line) {
    const checked = pageEvents.check(parse(line));
    if ('problem' in checked) return checked;
    const { id, time, type, ...rest } = checked.event as { id: string; time: string; type: string } & Readonly<Record<string, unknown>>;
    const { sessionId, productId, orderId, total, ...same } = rest;
    const { amount, currency } = (total ?? {}) as { amount?: number; currency?: string };
    return {
      event_id: id,
      event_time: time,
      type,
      session_id: sessionId,
      product_id: productId,
      order_id: orderId,
      amount,
      currency,
      ...same,
    };
  },
};

/** What EventBridge delivers; events of ours have an envelope in their detail, those of AWS have not. */
interface BusEvent {
  readonly id?: unknown;
  readonly source?: unknown;
  readonly 'detail-type'?: unknown;
  readonly time?: unknown;
  readonly detail?: {
    readonly id?: unknown;
    readonly type?: unknown;
    readonly time?: unknown;
    readonly specversion?: unknown;
    readonly data?: unknown;
  };
}

const bus: Dataset = {
  name: 'bus_events',
  description: 'Everything that services have told each other.',
  origin: { contract: 'everything on the bus' },
  // No event has a name, an address or a payment token in it (ADR 9): without the id it is about nobody, and the books stay right.
  erase: 'name',
  columns: { ...common, source: 'VARCHAR', time: 'TIMESTAMP', data: 'VARCHAR' },
  toRow(line) {
    const event = parse(line) as BusEvent | undefined;
    const { detail } = event ?? {};
    const envelope = detail?.specversion === undefined ? undefined : detail;
    const [id, type, time] = [envelope?.id ?? event?.id, envelope?.type ?? event?.['detail-type'], envelope?.time ?? event?.time];
    if (typeof id !== 'string' || typeof type !== 'string' || typeof event?.source !== 'string') return { problem: 'is no event of a bus' };
    if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) return { problem: 'has no time' };
    const at = new Date(time).toISOString();
    return { event_id: id, event_time: at, type, source: event.source, time: at, data: JSON.stringify(envelope ? envelope.data : detail) };
  },
};

const quality: Dataset = {
  name: 'quality_results',
  description: 'Which rules of quality held in which hour.',
  origin: { contract: 'src/quality/rules.ts', owner: 'lake' },
  erase: 'row',
  columns: {
    ...common,
    dataset: 'VARCHAR',
    rule: 'VARCHAR',
    checked_hour: 'VARCHAR',
    passed: 'BOOLEAN',
    measured: 'DOUBLE',
    allowed: 'DOUBLE',
  },
  toRow(line) {
    const { id, time, hour, ...result } = (parse(line) ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof id !== 'string' || typeof time !== 'string') return { problem: 'is no result' };
    return { event_id: id, event_time: time, type: 'quality.checked', checked_hour: hour, ...result };
  },
};

export const datasets: readonly Dataset[] = [pages, bus, quality];

/** Tables that are made of datasets when somebody asks: by name, what they are made of, and how. */
export const views: Readonly<
  Record<
    string,
    { readonly description: string; readonly of: string; readonly columns: Readonly<Record<string, string>>; readonly sql: string }
  >
> = {
  orders: {
    description: 'Every order, with what has become of it.',
    of: 'bus_events',
    columns: {
      ...{ order_id: 'VARCHAR', status: 'VARCHAR', placed_at: 'TIMESTAMP', ended_at: 'TIMESTAMP' },
      ...{ amount: 'BIGINT', currency: 'VARCHAR', lines: 'BIGINT' },
    },
    sql: `SELECT data ->> '$.orderId' AS order_id,
        coalesce(max(upper(regexp_extract(type, 'Order(Confirmed|Rejected|Cancelled)', 1))) FILTER (type NOT LIKE 'orders.OrderPlaced.%'), 'PLACED') AS status,
        min(event_time) FILTER (type LIKE 'orders.OrderPlaced.%') AS placed_at,
        max(event_time) FILTER (type NOT LIKE 'orders.OrderPlaced.%') AS ended_at,
        max((data ->> '$.total.amount')::BIGINT) AS amount,
        max(data ->> '$.total.currency') AS currency,
        max(json_array_length(data, '$.lines'))::BIGINT AS lines
      FROM bus_events WHERE type LIKE 'orders.Order%' AND (data ->> '$.orderId') IS NOT NULL GROUP BY ALL`,
  },
};

/** From an hour to another, both included: texts as `hourOf` writes them. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

/** From below to above every hour. */
export const everyHour: Hours = { from: '0', to: '9' };

/** `2026-11-27-02`, in UTC. */
export const hourOf = (time: string): string => time.slice(0, 13).replace('T', '-');

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
