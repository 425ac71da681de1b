/** What AWS asks in us-east-1, in dollars, as of November 2026; without free tiers and discounts. */
export interface Price {
  readonly usd: number;
  /** Of what: `million` requests, `GB`, … */
  readonly per: string;
  readonly source: string;
}

const kinesis = 'https://aws.amazon.com/kinesis/data-streams/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const s3 = 'https://aws.amazon.com/s3/pricing/';
const firehose = 'https://aws.amazon.com/firehose/pricing/';

export const prices = {
  shardHour: { usd: 0.015, per: 'shard and hour', source: kinesis },
  /** Each 25 KB of a record. */
  putUnits: { usd: 0.014, per: 'million', source: kinesis },
  streamHour: { usd: 0.04, per: 'hour', source: kinesis },
  /** A record counts as whole KB. */
  onDemandIn: { usd: 0.08, per: 'GB', source: kinesis },
  onDemandOut: { usd: 0.04, per: 'GB', source: kinesis },
  invocations: { usd: 0.2, per: 'million', source: lambda },
  /** Of arm64. */
  gbSeconds: { usd: 0.0000133334, per: 'GB and second', source: lambda },
  /** Each KB of an item. */
  writes: { usd: 0.625, per: 'million', source: dynamodb },
  puts: { usd: 5, per: 'million', source: s3 },
  gets: { usd: 0.4, per: 'million', source: s3 },
  storage: { usd: 0.023, per: 'GB and month', source: s3 },
  /** Each 5 KB of a record; the first 500 TB of a month. */
  firehose: { usd: 0.029, per: 'GB', source: firehose },
  firehoseParquet: { usd: 0.018, per: 'GB', source: firehose },
  /** The first 300 million of a month; 0.90 from there. */
  httpRequests: { usd: 1, per: 'million', source: 'https://aws.amazon.com/api-gateway/pricing/' },
  httpRequestsBeyond: { usd: 0.9, per: 'million', source: 'https://aws.amazon.com/api-gateway/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;
