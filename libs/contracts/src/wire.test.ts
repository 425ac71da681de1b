import fc from 'fast-check';
import { decode, encode } from './wire.ts';
import { orderPlaced } from './orders/order-placed.ts';
import { stockReserved } from './inventory/stock-reserved.ts';
import { events } from './registry.ts';

const ids = { id: 'event-1', time: new Date('2026-11-02T09:30:00.000Z'), correlationId: 'c', causationId: 'r' };
const delivered = (entry: { Source: string; DetailType: string; Detail: string }) => ({
  version: '0',
  id: 'd5f7f0a4-0000-4000-8000-000000000000',
  source: entry.Source,
  'detail-type': entry.DetailType,
  detail: JSON.parse(entry.Detail) as Record<string, unknown>,
});

describe('encode', () => {
  it('writes a CloudEvents 1.0 envelope under the names that rules match', () => {
    const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
    const entry = encode(orderPlaced, { ...ids, data: orderPlaced.example, traceparent });
    expect(entry).toMatchObject({ Source: 'larder.orders', DetailType: 'OrderPlaced.v1' });
    expect(JSON.parse(entry.Detail)).toEqual({
      specversion: '1.0',
      id: 'event-1',
      source: 'larder.orders',
      type: 'orders.OrderPlaced.v1',
      time: '2026-11-02T09:30:00.000Z',
      subject: orderPlaced.example.orderId,
      datacontenttype: 'application/json',
      traceparent,
      correlationid: 'c',
      causationid: 'r',
      data: orderPlaced.example,
    });
  });

  it('refuses a field that the contract does not have, at any depth', () => {
    const line = { ...orderPlaced.example.lines[0], price: 3 } as (typeof orderPlaced.example.lines)[0];
    const data = { ...orderPlaced.example, lines: [line], email: 'x' };
    expect(() => encode(orderPlaced, { ...ids, data })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_FIELDS',
        problems: [expect.objectContaining({ pointer: '/lines/0/price' }), expect.objectContaining({ pointer: '/email' })],
      }),
    );
  });

  it('names every field that is wrong, and repeats no value', () => {
    const data = { ...orderPlaced.example, orderId: 'not an id!', placedAt: 'yesterday' };
    let thrown: unknown;
    try {
      encode(orderPlaced, { ...ids, data });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'BREAKS_CONTRACT', problems: [{ pointer: '/orderId' }, { pointer: '/placedAt' }] });
    expect(String(thrown)).not.toMatch(/not an id|yesterday/);
  });
});

describe('decode', () => {
  it('lets fields pass that the contract does not have, and does not hand them on', () => {
    const event = delivered(encode(orderPlaced, { ...ids, data: orderPlaced.example }));
    const newer = { ...event, detail: { ...event.detail, newer: 1, data: { ...orderPlaced.example, giftWrap: true } } };
    expect(decode([orderPlaced], newer)).toMatchObject({ type: 'orders.OrderPlaced.v1', data: orderPlaced.example });
    expect(decode([orderPlaced], newer).data).not.toHaveProperty('giftWrap');
  });

  it.each([
    ['NOT_AN_ENVELOPE', null],
    ['NOT_AN_ENVELOPE', { detail: 'text' }],
    ['UNKNOWN_EVENT', { source: 'larder.orders', 'detail-type': 'OrderPlaced.v1', detail: { type: 'orders.OrderShipped.v1' } }],
    ['UNKNOWN_EVENT', { source: 'someone.else', 'detail-type': 'OrderPlaced.v1', detail: { type: 'orders.OrderPlaced.v1' } }],
    [
      'NOT_AN_ENVELOPE',
      { source: 'larder.orders', 'detail-type': 'OrderPlaced.v1', detail: { type: 'orders.OrderPlaced.v1', specversion: '0.3' } },
    ],
    [
      'BREAKS_CONTRACT',
      {
        source: 'larder.orders',
        'detail-type': 'OrderPlaced.v1',
        detail: { type: 'orders.OrderPlaced.v1', specversion: '1.0', id: '1', subject: 's', time: '2026-11-02T09:30:00Z', data: {} },
      },
    ],
  ])('refuses as %s what is not what was asked for', (code, event) => {
    expect(() => decode([orderPlaced], event)).toThrow(expect.objectContaining({ code }));
  });

  it('reads what was written, whatever the ids, for every contract', () => {
    const name = fc.string({ minLength: 1, maxLength: 256 });
    const time = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...events), name, name, name, time, (contract, id, correlationId, causationId, at) => {
        const data = contract.example;
        const event = decode(
          [orderPlaced, stockReserved, contract],
          delivered(encode(contract, { id, time: at, data, correlationId, causationId })),
        );
        expect(event).toEqual({
          id,
          type: contract.type,
          time: at,
          subject: contract.subject(data),
          correlationId,
          causationId,
          traceparent: undefined,
          data,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but violations, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => {
        expect(() => decode([orderPlaced], event)).toThrow(expect.objectContaining({ name: 'ContractViolation' }));
      }),
    );
  });
});
