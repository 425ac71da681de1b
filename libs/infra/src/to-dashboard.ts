import { sub } from './cloudformation.ts';
import type { Resources } from './cloudformation.ts';
import { deadLetters, ofApi, ofFunction, oldest, waiting } from './metrics.ts';
import type { Metric } from './metrics.ts';
import { hasQueue, readsStream } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

interface Line {
  readonly metric: Metric;
  readonly label: string;
  readonly stat: string;
}

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A dashboard is 24 columns wide: three graphs a row. */
const width = 8;
const height = 6;

/** One page on which a service can be looked at: its API, its functions, its queues. */
export function toDashboard(service: Service): Resources {
  if (service.functions.length === 0) return {};
  const { name, stage, region } = service;
  const widgets = toRows(service).flatMap((row, y) =>
    row.map((graph, x) => ({ type: 'metric', x: x * width, y: y * height, width, height, properties: toProperties(graph) })),
  );
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      // All regions of an account share the names of their dashboards.
      Properties: { DashboardName: `${name}-${stage}-${region}`, DashboardBody: sub(JSON.stringify({ widgets })) },
    },
  };
}

function toRows({ functions }: Service): Graph[][] {
  const each = (some: readonly ServiceFunction[], title: string, stat: string, metric: (fn: ServiceFunction) => Metric): Graph => ({
    title,
    lines: some.map((fn) => ({ metric: metric(fn), label: fn.key, stat })),
  });
  const subscribers = functions.filter(hasQueue);
  const readers = functions.filter(readsStream);
  const withDeadLetters = functions.filter((fn) => hasQueue(fn) || readsStream(fn));
  return [
    functions.some((fn) => fn.routes.length > 0) ? apiRow : [],
    [
      each(functions, 'Invocations', 'Sum', (fn) => ofFunction(fn, 'Invocations')),
      each(functions, 'Errors', 'Sum', (fn) => ofFunction(fn, 'Errors')),
      each(functions, 'Duration, p99 (ms)', 'p99', (fn) => ofFunction(fn, 'Duration')),
    ],
    [
      each(subscribers, 'Messages waiting', 'Maximum', waiting),
      each(subscribers, 'Age of the oldest message (s)', 'Maximum', oldest),
      each(withDeadLetters, 'Dead letters', 'Maximum', deadLetters),
      each(readers, 'Behind the stream (ms)', 'Maximum', (fn) => ofFunction(fn, 'IteratorAge')),
    ].filter(({ lines }) => lines.length > 0),
  ]
    .flatMap(inThrees)
    .filter((row) => row.length > 0);
}

const apiRow: Graph[] = [
  { title: 'Requests', lines: [{ metric: ofApi('Count'), label: 'requests', stat: 'Sum' }] },
  {
    title: 'Failed requests',
    lines: [
      { metric: ofApi('4xx'), label: '4xx', stat: 'Sum' },
      { metric: ofApi('5xx'), label: '5xx', stat: 'Sum' },
    ],
  },
  {
    title: 'Latency (ms)',
    lines: [
      { metric: ofApi('Latency'), label: 'p50', stat: 'p50' },
      { metric: ofApi('Latency'), label: 'p99', stat: 'p99' },
    ],
  },
];

const inThrees = (row: readonly Graph[]): Graph[][] =>
  Array.from({ length: Math.ceil(row.length / 3) }, (_, index) => row.slice(index * 3, index * 3 + 3));

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const toProperties = ({ title, lines }: Graph): object => ({
  title,
  region: '${AWS::Region}',
  view: 'timeSeries',
  period: 60,
  metrics: lines.map(({ metric, label, stat }) => [metric.namespace, metric.name, ...metric.dimension, { label, stat }]),
});
