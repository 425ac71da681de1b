import type { EventContract } from '../src/define-event.ts';
import type { StreamContract } from '../src/define-stream.ts';
import { encode } from '../src/wire.ts';
import { streamChannels, streamMessages, streamOperations, streamServer } from './asyncapi-streams.ts';
import { toJsonSchema } from './json-schema.ts';
import type { Usage } from './usage.ts';

/**
 * The AsyncAPI 3 document of all events and streams: a channel for each, an operation for who publishes and for each who receives.
 * https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function toAsyncApi(events: readonly EventContract[], streams: readonly StreamContract[], usages: readonly Usage[]): object {
  const operations = [
    ...events.flatMap((event) => [
      publish(event),
      ...usages.filter(({ subscribes }) => subscribes.has(event.type)).map(({ service }) => receive(event, service)),
    ]),
    ...streams.flatMap((stream) => streamOperations(stream, usages)),
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Larder: events',
      version: '1',
      description:
        'Every event that a service of Larder publishes, and every stream that it writes. Events travel over one EventBridge bus, at least once and in no order that is promised; those of a stream over Kinesis, at least once, in order by key.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      bus: {
        host: 'events.{region}.amazonaws.com',
        protocol: 'eventbridge',
        description: 'The bus of a stage. `source` and `detail-type` are those of the contract, and `detail` is the message.',
        variables: { region: { default: 'us-east-1' } },
      },
      ...(streams.length > 0 && { streams: streamServer }),
    },
    channels: Object.fromEntries([...events.map((event) => [event.type, channel(event)] as const), ...streams.map(streamChannels)]),
    operations: Object.fromEntries(operations),
    components: {
      messages: Object.fromEntries([...events.map((event) => [event.type, message(event)] as const), ...streams.flatMap(streamMessages)]),
    },
  };
}

function channel({ type, source, detailType, description }: EventContract): object {
  return {
    address: type,
    description,
    servers: [{ $ref: '#/servers/bus' }],
    messages: { [type]: { $ref: `#/components/messages/${type}` } },
    'x-eventbridge-pattern': { source: [source], 'detail-type': [detailType] },
  };
}

function publish({ type, owner, description }: EventContract): [string, object] {
  return [`${owner}.publishes.${type}`, operation('send', type, owner, description)];
}

function receive({ type, description }: EventContract, service: string): [string, object] {
  return [`${service}.receives.${type}`, operation('receive', type, service, description)];
}

function operation(action: 'send' | 'receive', type: string, service: string, summary: string): object {
  return {
    action,
    summary,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    tags: [{ name: service }],
  };
}

function message(event: EventContract): object {
  const { type, description, data } = event;
  return {
    name: type,
    title: type,
    summary: description,
    contentType: 'application/json',
    correlationId: { location: '$message.payload#/correlationid' },
    payload: {
      type: 'object',
      description: 'A CloudEvents 1.0 envelope: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md',
      properties: { ...envelope, source: { const: event.source }, type: { const: type }, data: toJsonSchema(data, 'draft-7') },
      required: ['specversion', 'id', 'source', 'type', 'time', 'subject', 'correlationid', 'causationid', 'data'],
    },
    examples: [{ name: 'example', payload: exampleOf(event) }],
  };
}

const envelope = {
  specversion: { const: '1.0' },
  id: { type: 'string', description: 'Unique for the source; the same when the event is delivered again.' },
  source: {},
  type: {},
  time: { type: 'string', format: 'date-time', description: 'When it happened.' },
  subject: { type: 'string', description: 'The aggregate that it is about.' },
  datacontenttype: { const: 'application/json' },
  traceparent: { type: 'string', description: 'https://www.w3.org/TR/trace-context/' },
  correlationid: { type: 'string', description: 'The same for everything that one request set in motion.' },
  causationid: { type: 'string', description: 'The id of the event or request that this one follows from.' },
} as const;

/** The example as it is on the wire: written by the module that the kit publishes with. */
function exampleOf(event: EventContract): unknown {
  const id = '01JZ8Q4V1M0R5N8K2H6G3F9E7D';
  const { Detail } = encode(event, {
    id,
    time: new Date('2026-11-02T09:30:00.000Z'),
    data: event.example,
    correlationId: '01JZ8Q4T8C3B6A1Z9Y5X2W7V4U',
    causationId: '01JZ8Q4T8C3B6A1Z9Y5X2W7V4U',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  return JSON.parse(Detail);
}
