import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Code } from './archive.ts';

/** What a template says about a function, with Lambda's defaults filled in. */
export interface Configuration {
  readonly functionName: string;
  readonly service: string;
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly description: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined: as many as the account allows. */
  readonly reservedConcurrency: number | undefined;
  readonly deadLetterArn: string | undefined;
  readonly logGroupName: string;
  readonly architecture: string;
}

/** A version of a function: code and configuration that no longer change. */
export interface Deployment {
  readonly configuration: Configuration;
  readonly code: Code;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly modifiedAt: number;
}

/**
 * Reads the properties of an `AWS::Lambda::Function`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 * @throws {AwsError} `InvalidParameterValueException` for what Lambda would refuse and for what cannot run here.
 */
export function toConfiguration(properties: Readonly<Record<string, unknown>>, fallbackName: string, service: string): Configuration {
  const functionName = text(properties['FunctionName']) ?? fallbackName;
  const runtime = text(properties['Runtime']) ?? '';
  if (properties['PackageType'] === 'Image')
    throw invalid(`${functionName} is a container image, which does not run on the laptop: package it as a zip archive.`);
  if (!runtime.startsWith('nodejs'))
    throw invalid(`${functionName} asks for the runtime ${runtime || '(none)'}: only nodejs runtimes run on the laptop.`);
  const memoryMb = within(properties['MemorySize'], 128, 128, 10_240, 'MemorySize');
  const timeout = within(properties['Timeout'], 3, 1, 900, 'Timeout');
  const reserved = properties['ReservedConcurrentExecutions'];
  return {
    functionName,
    service,
    runtime,
    handler: text(properties['Handler']) ?? fail(`${functionName} has no Handler.`),
    roleArn: text(properties['Role']) ?? fail(`${functionName} has no Role.`),
    memoryMb,
    timeoutMs: timeout * 1000,
    description: text(properties['Description']) ?? '',
    variables: toVariables(properties['Environment']),
    reservedConcurrency: reserved === undefined ? undefined : within(reserved, 0, 0, 1000, 'ReservedConcurrentExecutions'),
    deadLetterArn: text(member(properties['DeadLetterConfig'], 'TargetArn')),
    logGroupName: text(member(properties['LoggingConfig'], 'LogGroup')) ?? `/aws/lambda/${functionName}`,
    architecture: Array.isArray(properties['Architectures']) ? String(properties['Architectures'][0]) : 'x86_64',
  };
}

/**
 * The variables that Lambda defines, with the function's own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function toEnvironment(
  kernel: Kernel,
  { configuration, code, version, modifiedAt }: Deployment,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string },
): Record<string, string> {
  const day = new Date(modifiedAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    AWS_ENDPOINT_URL: kernel.endpointUrl,
    // Of a name the SDK makes `<bucket>.localhost`, which not every machine resolves; of an address it makes `/<bucket>`.
    AWS_ENDPOINT_URL_S3: kernel.endpointUrl.replace('//localhost:', '//127.0.0.1:'),
    ...configuration.variables,
    TZ: ':UTC',
    AWS_REGION: kernel.region,
    AWS_DEFAULT_REGION: kernel.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[${version}]${code.sha256.replaceAll(/[^\w]/g, '').slice(0, 32)}`,
    LAMBDA_TASK_ROOT: code.directory,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: configuration.handler,
  };
}

/** The digits of `nodejs24.x`. */
export function runtimeMajor(runtime: string): number {
  return Number.parseInt(runtime.slice('nodejs'.length), 10) || 24;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const VARIABLES_BYTES = 4096;
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API))|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function toVariables(environment: unknown): Record<string, string> {
  const variables = Object.entries((member(environment, 'Variables') ?? {}) as object).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const refused = variables.find(([name]) => RESERVED.test(name) || !/^[a-zA-Z]\w+$/.test(name))?.[0];
  if (refused !== undefined)
    throw invalid(`${refused} cannot be an environment variable: Lambda reserves the name, or it is not made of letters, digits and _.`);
  const bytes = variables.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (bytes > VARIABLES_BYTES) throw invalid(`The environment variables take ${String(bytes)} bytes: Lambda's limit is 4 KB.`);
  return Object.fromEntries(variables);
}

function within(value: unknown, otherwise: number, least: number, most: number, name: string): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isInteger(number) || number < least || number > most)
    throw invalid(`${name} is ${String(value)}: it must be a whole number from ${String(least)} to ${String(most)}.`);
  return number;
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fail(message: string): never {
  throw invalid(message);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
