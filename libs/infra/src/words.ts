/** The words that the plugin adds to `serverless.yml`: as people write them, and as JSON schemas that osls checks. */

export interface SubscribeObject {
  readonly event: string;
  readonly batchSize?: number;
  readonly concurrency?: number;
  readonly maxReceiveCount?: number;
}
export type SubscribeWord = string | SubscribeObject;

export const tableRights = ['read', 'write', 'scan'] as const;
export type TableRight = (typeof tableRights)[number];

export const bucketRights = ['read', 'write', 'delete', 'list'] as const;
export type BucketRight = (typeof bucketRights)[number];

export const topicRights = ['publish'] as const;
export type TopicRight = (typeof topicRights)[number];

export const foreignBucketRights = ['read', 'list'] as const;
export type ForeignBucketRight = (typeof foreignBucketRights)[number];

export const recognitions = ['faces', 'moderation'] as const;
export type Recognition = (typeof recognitions)[number];

/** One entry of `access:`. Exactly one of the words, and `may` beside those for tables, buckets and topics. */
export interface AccessWord {
  readonly table?: string;
  readonly bucket?: string;
  /** Names of buckets that others have, between commas; empty: none. */
  readonly foreignBuckets?: string;
  /** An SNS topic of `resources.yml`. */
  readonly topic?: string;
  readonly may?: readonly (TableRight | BucketRight | TopicRight)[];
  readonly publish?: string;
  readonly call?: string;
  readonly secret?: string;
  readonly parameter?: string;
  readonly email?: 'send';
  /** In pictures, by Rekognition. */
  readonly recognise?: Recognition;
  /** A distribution of `resources.yml`. */
  readonly invalidate?: string;
  /** Write to a Kinesis stream of `resources.yml`. */
  readonly produce?: string;
}

/** `custom.larder`. */
export interface LarderSettings {
  /** Stages that this service is never packaged for. */
  readonly never?: readonly string[];
  /** Origins whose pages may call the API. */
  readonly cors?: readonly string[];
  /** What a function's archive may weigh, in KB. */
  readonly budgetKb?: number;
  /** It is deployed where there is no platform: it has alarms, and they tell nobody by themselves. */
  readonly standalone?: boolean;
  /** The bus that a standalone service says on what has happened, where there is one. */
  readonly bus?: string;
}

const text = { type: 'string', minLength: 1 };
const oneOrMore = (items: object): object => ({ type: 'array', items, minItems: 1, uniqueItems: true });

export const eventSchemas: Readonly<Record<string, object>> = {
  subscribe: {
    anyOf: [
      text,
      {
        type: 'object',
        properties: {
          event: text,
          // More than ten a batch would need a batching window, and so make every event wait.
          batchSize: { type: 'integer', minimum: 1, maximum: 10 },
          // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
          concurrency: { type: 'integer', minimum: 2, maximum: 1000 },
          maxReceiveCount: { type: 'integer', minimum: 1, maximum: 1000 },
        },
        required: ['event'],
        additionalProperties: false,
      },
    ],
  },
  route: text,
  tableChange: text,
  bucketChange: text,
  streamRecords: text,
  wholeBus: { const: true },
};

export const functionSchema = {
  properties: {
    access: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          table: text,
          bucket: text,
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
          foreignBuckets: { type: 'string', pattern: '^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](,(?=.)|$))*$' },
          topic: text,
          may: oneOrMore({ enum: [...new Set([...tableRights, ...bucketRights, ...topicRights])] }),
          publish: text,
          call: text,
          secret: text,
          parameter: text,
          email: { enum: ['send'] },
          recognise: { enum: [...recognitions] },
          invalidate: text,
          produce: text,
        },
        minProperties: 1,
        additionalProperties: false,
      },
    },
    native: oneOrMore(text),
  },
};

export const customSchema = {
  properties: {
    larder: {
      type: 'object',
      properties: {
        never: oneOrMore(text),
        cors: oneOrMore(text),
        budgetKb: { type: 'integer', minimum: 1 },
        standalone: { type: 'boolean' },
        bus: { type: 'string', pattern: '^[A-Za-z0-9._/-]*$', maxLength: 256 },
      },
      additionalProperties: false,
    },
  },
};
