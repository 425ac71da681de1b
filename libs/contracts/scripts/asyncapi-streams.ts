import { withHead, type StreamContract } from '../src/define-stream.ts';
import { toJsonSchema } from './json-schema.ts';
import type { Usage } from './usage.ts';

export const streamServer = {
  host: 'kinesis.{region}.amazonaws.com',
  protocol: 'kinesis',
  description: 'The data streams of a stage. A record holds a frame of many messages, one JSON text a line: docs/decisions/0017-frames.md.',
  variables: { region: { default: 'us-east-1' } },
} as const;

/** A message for each type of event: `clickstream.PageEvents.v1.product.viewed`. */
const messageOf = ({ name }: StreamContract, type: string): string => `${name}.${type}`;

/** The channel of a stream, by its name. */
export function streamChannels(stream: StreamContract): readonly [string, object] {
  const { name, description, records } = stream;
  const messages = Object.keys(records).map((type) => messageOf(stream, type));
  return [
    name,
    {
      address: name,
      description,
      servers: [{ $ref: '#/servers/streams' }],
      messages: Object.fromEntries(messages.map((message) => [message, { $ref: `#/components/messages/${message}` }])),
    },
  ];
}

/** What its writers send and its readers receive. */
export function streamOperations(stream: StreamContract, usages: readonly Usage[]): (readonly [string, object])[] {
  const { name, owner, description } = stream;
  const known = name.replace(/\.v\d+$/, '');
  const operation = (action: 'send' | 'receive', service: string) => ({
    action,
    summary: description,
    channel: { $ref: `#/channels/${name}` },
    tags: [{ name: service }],
  });
  const readers = usages.filter(({ reads }) => reads.has(known));
  return [
    [`${owner}.writes.${name}`, operation('send', owner)],
    ...readers.map(({ service }) => [`${service}.reads.${name}`, operation('receive', service)] as const),
  ];
}

/** The schema of each type of event, with the example where it is of that type. */
export function streamMessages(stream: StreamContract): (readonly [string, object])[] {
  return Object.entries(stream.records).map(([type, schema]) => {
    const name = messageOf(stream, type);
    const examples = stream.example.type === type ? [{ name: 'example', payload: stream.example }] : [];
    return [
      name,
      {
        ...{ name, title: name, summary: stream.description, contentType: 'application/json' },
        payload: toJsonSchema(withHead(type, schema), 'draft-7'),
        ...(examples.length > 0 && { examples }),
      },
    ] as const;
  });
}
