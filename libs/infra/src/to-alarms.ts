import { ref, sub } from './cloudformation.ts';
import type { Resource, Resources, Value } from './cloudformation.ts';
import { deadLetters, ofApi, ofFunction } from './metrics.ts';
import type { Metric } from './metrics.ts';
import { logicalPrefix } from './naming.ts';
import { hasQueue, readsStream } from './service.ts';
import type { Service, ServiceFunction } from './service.ts';

interface Alarm {
  readonly metric: Metric;
  readonly statistic: { readonly Statistic: 'Sum' | 'Maximum' } | { readonly ExtendedStatistic: 'p99' };
  /** Alarms above this. */
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  /** How many of the last periods have to be above. */
  readonly above: readonly [periods: number, of: number];
  readonly description: string;
}

/** What someone has to know of a service. Every alarm goes to the platform's topic, where there is one. */
export function toAlarms(service: Service): Resources {
  const alarms = service.functions.flatMap((fn) =>
    functionAlarms(fn).map(([name, alarm]) => [`${logicalPrefix(fn.key)}${name}`, alarm] as const),
  );
  if (service.functions.some((fn) => fn.routes.length > 0)) alarms.push(['ApiErrorsAlarm', apiErrors(service)]);
  return Object.fromEntries(alarms.map(([id, alarm]) => [id, toAlarm(alarm, service.standalone ? [] : [ref('AlarmTopicArn')])]));
}

function functionAlarms(fn: ServiceFunction): [string, Alarm][] {
  // What is tried again may fail now and then: what goes on for ten minutes is not that.
  const lasting = { statistic: { Statistic: 'Sum' }, threshold: 0, period: 300, above: [2, 3] } as const;
  const alarms: [string, Alarm][] = [
    ['ErrorsAlarm', { ...lasting, metric: ofFunction(fn, 'Errors'), description: `${fn.name} fails again and again: look at its log.` }],
    [
      'ThrottlesAlarm',
      { ...lasting, metric: ofFunction(fn, 'Throttles'), description: `${fn.name} is throttled: concurrency is used up.` },
    ],
    ['DurationAlarm', slow(fn)],
  ];
  if (readsStream(fn)) alarms.push(['IteratorAgeAlarm', behind(fn)]);
  if (readsStream(fn) || hasQueue(fn)) alarms.push(['DeadLettersAlarm', lost(fn)]);
  return alarms;
}

const slow = (fn: ServiceFunction): Alarm => ({
  metric: ofFunction(fn, 'Duration'),
  statistic: { ExtendedStatistic: 'p99' },
  threshold: fn.timeout * 1000 * 0.8,
  period: 300,
  above: [3, 3],
  description: `One in a hundred invocations of ${fn.name} takes over 80 % of its timeout of ${fn.timeout} s.`,
});

const behind = (fn: ServiceFunction): Alarm => ({
  metric: ofFunction(fn, 'IteratorAge'),
  statistic: { Statistic: 'Maximum' },
  threshold: 60_000,
  period: 60,
  above: [5, 5],
  description: `${fn.name} is more than a minute behind its stream.`,
});

const lost = (fn: ServiceFunction): Alarm => ({
  metric: deadLetters(fn),
  statistic: { Statistic: 'Maximum' },
  threshold: 0,
  period: 60,
  above: [1, 1],
  description: `Something that ${fn.name} was to handle lies in its dead-letter queue: mend the cause, then redrive it.`,
});

/** A request that failed unexpectedly is answered with 500, and so is no error of the function. */
const apiErrors = (service: Service): Alarm => ({
  metric: ofApi('5xx'),
  statistic: { Statistic: 'Sum' },
  threshold: 0,
  period: 300,
  above: [2, 3],
  description: `The API of ${service.name} answers 5xx again and again: look for the id of the answer in the logs.`,
});

function toAlarm({ metric, statistic, threshold, period, above, description }: Alarm, topics: readonly Value[]): Resource {
  const [dimension, value] = metric.dimension;
  const dimensionValue: Value = value.includes('${') ? sub(value) : value;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: description,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: [{ Name: dimension, Value: dimensionValue }],
      ...statistic,
      Period: period,
      DatapointsToAlarm: above[0],
      EvaluationPeriods: above[1],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
      AlarmActions: topics,
      OKActions: topics,
    },
  };
}
