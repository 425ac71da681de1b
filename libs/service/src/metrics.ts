import { optionalVariable } from './environment.ts';
import { current } from './invocation.ts';

export type MetricUnit = 'Count' | 'Milliseconds' | 'Bytes' | 'Percent' | 'None';

/**
 * Counts or measures something: one line in CloudWatch's Embedded Metric Format, in the namespace `Larder` by service and function. No call is made, and nothing is
 * buffered that a crash could lose.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param dimensions further ones, of few values: a status, never an id.
 */
export function metric(name: string, value = 1, unit: MetricUnit = 'Count', dimensions: Readonly<Record<string, string>> = {}): void {
  const invocation = current();
  const all = {
    Service: optionalVariable('SERVICE') ?? 'unknown',
    Function: invocation?.functionName ?? optionalVariable('AWS_LAMBDA_FUNCTION_NAME') ?? 'unknown',
    ...dimensions,
  };
  const directive = { Namespace: 'Larder', Dimensions: [Object.keys(all)], Metrics: [{ Name: name, Unit: unit }] };
  const line = {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    ...all,
    [name]: value,
    requestId: invocation?.requestId,
    correlationId: invocation?.correlationId,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
