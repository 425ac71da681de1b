import type { ApiContract } from '../src/define-api.ts';
import type { EventContract } from '../src/define-event.ts';
import { publicPath } from './openapi.ts';
import type { Usage } from './usage.ts';

/** The page that shows who promises what to whom. */
export function toServiceMap(events: readonly EventContract[], apis: readonly ApiContract[], usages: readonly Usage[]): string {
  return `# Services and contracts

Written by \`npm run docs:contracts\` from \`libs/contracts/src\` and the \`serverless.yml\` of each service; \`npm test\` fails when it is stale.
In full: [AsyncAPI 3](asyncapi.json) · OpenAPI 3.1 of ${apis.map(({ service }) => `[${service}](openapi/${service}.json)`).join(', ')}.

${toDiagram(events, usages)}

Solid: an event, from its publisher to a subscriber. Dotted: a question, from who asks to who answers.

## Events

| event | means | published by | received by |
| --- | --- | --- | --- |
${events.map((event) => eventRow(event, usages)).join('\n')}

## APIs

${apis.map((api) => apiSection(api, usages)).join('\n\n')}
`;
}

/** The map as a Mermaid flowchart: services, the events between them, and the questions they ask each other. */
export function toDiagram(events: readonly EventContract[], usages: readonly Usage[]): string {
  const known = new Map(events.map((event) => [event.type, event]));
  const eventEdges = usages.flatMap(({ service, subscribes }) =>
    [...subscribes.keys()].flatMap((type) => {
      const event = known.get(type);
      return event && event.owner !== service ? [{ from: event.owner, to: service, label: event.detailType }] : [];
    }),
  );
  const callEdges = usages.flatMap(({ service, calls }) =>
    [...calls.keys()].map((route) => {
      const [to = '', label = ''] = route.split('.');
      return { from: service, to, label };
    }),
  );
  const nodes = [...new Set([...eventEdges, ...callEdges].flatMap(({ from, to }) => [from, to]))].sort();
  return [
    '```mermaid',
    'flowchart LR',
    ...nodes.map((name) => `  ${name}([${name}])`),
    ...edges(eventEdges, '-->'),
    ...edges(callEdges, '-.->'),
    '```',
  ].join('\n');
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** One arrow between two services, with everything that goes that way written on it. */
function edges(all: readonly Edge[], arrow: string): string[] {
  const grouped = Map.groupBy(all, ({ from, to }) => `${from} ${to}`);
  return [...grouped.values()].map((group) => {
    const [{ from, to }] = group as [Edge];
    return `  ${from} ${arrow}|"${group.map(({ label }) => label).join('<br>')}"| ${to}`;
  });
}

function eventRow({ type, description, owner }: EventContract, usages: readonly Usage[]): string {
  return `| \`${type}\` | ${description} | ${users(usages, 'publishes', type) || owner} | ${users(usages, 'subscribes', type) || 'nobody yet'} |`;
}

function apiSection({ service, description, routes }: ApiContract, usages: readonly Usage[]): string {
  const rows = Object.entries(routes).map(([name, route]) => {
    const callers = { public: 'anyone', jwt: 'a signed-in person', iam: 'no service yet', key: 'the holder of a key' }[route.auth];
    const errors = Object.entries(route.errors ?? {}).map(([code, { status }]) => `${status} \`${code}\``);
    return `| \`${name}\` | ${route.method} ${publicPath(service, route)} | ${route.summary} | ${users(usages, 'calls', `${service}.${name}`) || callers} | ${errors.join('<br>')} |`;
  });
  return `### ${service}\n\n${description}\n\n| route | | | asked by | errors |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`;
}

/** `inventory` (`reserveStock`), and so on. */
function users(usages: readonly Usage[], how: 'subscribes' | 'publishes' | 'calls', name: string): string {
  return usages
    .flatMap((usage) => {
      const functions = usage[how].get(name);
      return functions ? [`${usage.service} (${functions.map((fn) => `\`${fn}\``).join(', ')})`] : [];
    })
    .join('<br>');
}
