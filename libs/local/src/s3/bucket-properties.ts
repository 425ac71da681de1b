import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type CorsRule, defaultSettings, type LifecycleRule, type Notification, type PublicAccess, type Settings } from './bucket.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Properties that change nothing here, and that nobody would miss on a laptop. */
const QUIET = [
  'AbacStatus',
  'BucketName',
  'MetricsConfigurations',
  'AnalyticsConfigurations',
  'InventoryConfigurations',
  'LoggingConfiguration',
  'OwnershipControls',
  'Tags',
];
const HERE = [
  'BucketEncryption',
  'CorsConfiguration',
  'LifecycleConfiguration',
  'NotificationConfiguration',
  'PublicAccessBlockConfiguration',
  'VersioningConfiguration',
];

/**
 * The settings of a bucket as a template gives them. What has no effect here is told.
 *
 * @throws {AwsError} `ValidationException` for what CloudFormation would refuse.
 */
export function settingsOf(properties: Properties, name: string, kernel: Pick<Kernel, 'tell' | 'now'>): Omit<Settings, 'policy'> {
  const warn = (what: string): void =>
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message: `S3: ${what} of bucket ${name} has no effect here.` });
  for (const property of Object.keys(properties)) if (![...QUIET, ...HERE].includes(property)) warn(property);
  if (of(properties, 'VersioningConfiguration')['Status'] === 'Enabled') warn('VersioningConfiguration');
  const notifications = of(properties, 'NotificationConfiguration');
  const encryption = of(list(of(properties, 'BucketEncryption'), 'ServerSideEncryptionConfiguration')[0], 'ServerSideEncryptionByDefault');
  return {
    cors: list(of(properties, 'CorsConfiguration'), 'CorsRules').map(toCorsRule),
    lifecycle: list(of(properties, 'LifecycleConfiguration'), 'Rules')
      .filter((rule) => rule['Status'] === 'Enabled')
      .map(toLifecycleRule),
    notifications: toNotifications(notifications),
    encryption: text(encryption, 'SSEAlgorithm') ?? defaultSettings.encryption,
    publicAccess: toPublicAccess(properties['PublicAccessBlockConfiguration']),
  };
}

function toNotifications(configuration: Properties): Notification[] {
  const told = (property: string, target: string): Notification[] =>
    list(configuration, property).map((each) => {
      const rules = list(of(of(each, 'Filter'), 'S3Key'), 'Rules');
      const rule = (wanted: string): string =>
        rules.filter(({ Name }) => String(Name).toLowerCase() === wanted).map(({ Value }) => String(Value))[0] ?? '';
      const event = text(each, 'Event');
      const arn = text(each, target);
      if (event === undefined || !/^s3:[A-Za-z]+:[A-Za-z*]+$/.test(event)) throw invalid(`${property}: '${event ?? ''}' is no event of S3`);
      if (arn === undefined) throw invalid(`${property}: ${target} is missing`);
      // The same at every start, as it is in AWS.
      const id = createHash('sha256').update(JSON.stringify(each)).digest('hex').slice(0, 32);
      return { id, event, target: arn, prefix: rule('prefix'), suffix: rule('suffix') };
    });
  const { EventBridgeConfiguration } = configuration;
  // Its presence is enough: EventBridgeEnabled is true unless it says otherwise.
  const bridge = EventBridgeConfiguration !== undefined && !isFalse(of(configuration, 'EventBridgeConfiguration')['EventBridgeEnabled']);
  const toBridge: Notification[] = bridge ? [{ id: 'eventbridge', event: 's3:*', target: 'eventbridge', prefix: '', suffix: '' }] : [];
  return [
    ...told('LambdaConfigurations', 'Function'),
    ...told('QueueConfigurations', 'Queue'),
    ...told('TopicConfigurations', 'Topic'),
    ...toBridge,
  ];
}

function toCorsRule(rule: Properties): CorsRule {
  const maxAge = rule['MaxAge'];
  return {
    origins: texts(rule, 'AllowedOrigins'),
    methods: texts(rule, 'AllowedMethods'),
    headers: texts(rule, 'AllowedHeaders'),
    exposed: texts(rule, 'ExposedHeaders'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
  };
}

function toLifecycleRule(rule: Properties): LifecycleRule {
  const date = text(rule, 'ExpirationDate');
  return {
    prefix: text(rule, 'Prefix') ?? '',
    tags: Object.fromEntries(list(rule, 'TagFilters').map(({ Key, Value }) => [String(Key), String(Value)])),
    sizeGreaterThan: number(rule, 'ObjectSizeGreaterThan'),
    sizeLessThan: number(rule, 'ObjectSizeLessThan'),
    expireAfterDays: number(rule, 'ExpirationInDays'),
    expireAt: date === undefined ? undefined : Date.parse(date),
    abortUploadsAfterDays: number(of(rule, 'AbortIncompleteMultipartUpload'), 'DaysAfterInitiation'),
  };
}

/** Where a template says something about it, what it does not name is off. */
function toPublicAccess(given: unknown): PublicAccess {
  if (typeof given !== 'object' || given === null) return defaultSettings.publicAccess;
  const { BlockPublicPolicy = false, RestrictPublicBuckets = false } = given as Properties;
  return { blockPublicPolicy: String(BlockPublicPolicy) === 'true', restrictPublicBuckets: String(RestrictPublicBuckets) === 'true' };
}

function of(properties: Properties | undefined, name: string): Properties {
  const value = properties?.[name];
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}

function list(properties: Properties, name: string): Properties[] {
  const value = properties[name];
  return Array.isArray(value) ? (value as Properties[]) : [];
}

function texts(properties: Properties, name: string): string[] {
  return [properties[name] ?? []].flat().map(String);
}

function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

function number(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (!Number.isFinite(Number(value))) throw invalid(`${name} is no number`);
  return Number(value);
}

function isFalse(value: unknown): boolean {
  return String(value) === 'false';
}

function invalid(why: string): AwsError {
  return new AwsError('ValidationException', `Bucket: ${why}.`);
}
