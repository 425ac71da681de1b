import { within } from './within.ts';

/** How asynchronous invocations of a version are treated. */
export interface EventConfiguration {
  /** 0 to 2. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
  readonly onSuccessArn: string | undefined;
  readonly onFailureArn: string | undefined;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const DEFAULT_EVENT_CONFIGURATION: EventConfiguration = {
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 6 * 60 * 60_000,
  onSuccessArn: undefined,
  onFailureArn: undefined,
};

/** Reads the properties of an `AWS::Lambda::EventInvokeConfig`. @throws {AwsError} `InvalidParameterValueException`. */
export function toEventConfiguration(properties: Readonly<Record<string, unknown>>): EventConfiguration {
  const { maximumRetryAttempts, maximumEventAgeMs } = DEFAULT_EVENT_CONFIGURATION;
  return {
    maximumRetryAttempts: within(properties, 'MaximumRetryAttempts', maximumRetryAttempts, 0, 2),
    maximumEventAgeMs: within(properties, 'MaximumEventAgeInSeconds', maximumEventAgeMs / 1000, 60, 21_600) * 1000,
    onSuccessArn: destinationOf(properties['DestinationConfig'], 'OnSuccess'),
    onFailureArn: destinationOf(properties['DestinationConfig'], 'OnFailure'),
  };
}

/** The ARN in `{OnFailure: {Destination}}`, which event source mappings have as well. */
export function destinationOf(configuration: unknown, when: 'OnSuccess' | 'OnFailure'): string | undefined {
  const destination = (configuration as Record<string, { Destination?: unknown } | undefined> | undefined)?.[when]?.Destination;
  return typeof destination === 'string' ? destination : undefined;
}
