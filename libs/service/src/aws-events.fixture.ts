import type { Context, DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import { type AnyEventContract, encode } from '@larder/contracts/wire';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { HttpApiEvent } from './read-request.ts';
import type { Timing } from './retry.ts';

// Events as AWS writes them, for the tests of this library.

/** Lambda's context of an invocation that ends in so many milliseconds. */
export function contextOf(remaining: number | (() => number) = 30_000): Context {
  return {
    functionName: 'larder-test-kit',
    awsRequestId: '5b441b59-a550-11e8-b6f4-c1d1a3b1a0ff',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:larder-test-kit',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/larder-test-kit',
    logStreamName: '2026/11/02/[$LATEST]4459c970fa6d4c77aca62c95850fce54',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => (typeof remaining === 'number' ? remaining : remaining()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** A message as an SQS mapping hands it over. */
export function sqsRecord(body: string, attributes: Partial<SQSRecord['attributes']> = {}, queue = 'kit'): SQSRecord {
  return {
    messageId: randomUUID(),
    receiptHandle: `AQEB${randomUUID()}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1793612345678',
      SenderId: 'AIDAIT2UOQQY3AUEKVGXU',
      ApproximateFirstReceiveTimestamp: '1793612345690',
      ...attributes,
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
    awsRegion: 'us-east-1',
  };
}

/** What EventBridge writes into a queue when a rule matches. */
export function eventBridgeBody(contract: AnyEventContract, data: object, id: string = randomUUID()): string {
  const time = new Date('2026-11-02T09:30:00.000Z');
  const entry = encode(contract, { id, time, data: data as never, correlationId: 'correlation-1', causationId: 'request-1' });
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: '123456789012',
    time: '2026-11-02T09:30:00Z',
    region: 'us-east-1',
    resources: [],
    detail: JSON.parse(entry.Detail) as unknown,
  });
}

/** A record of a DynamoDB stream that says an item was inserted. */
export function insertRecord(item: object, sequenceNumber: string): DynamoDBRecord {
  return {
    eventID: randomUUID().replaceAll('-', ''),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1793612345,
      Keys: {},
      NewImage: marshall(item, { removeUndefinedValues: true }) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
      SequenceNumber: sequenceNumber,
      SizeBytes: 100,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/outbox/stream/2026-11-02T00:00:00.000',
  };
}

/** A request as an HTTP API hands it over, payload format 2.0. */
export function httpEvent(
  method: string,
  path: string,
  parts: Partial<HttpApiEvent> & { authorizer?: HttpApiEvent['requestContext']['authorizer'] } = {},
): HttpApiEvent {
  const { authorizer, ...rest } = parts;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'abc.execute-api.us-east-1.amazonaws.com' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      domainName: 'abc.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '02/Nov/2026:09:30:00 +0000',
      timeEpoch: 1793612345678,
      ...(authorizer && { authorizer }),
    },
    isBase64Encoded: false,
    ...rest,
  };
}

/** A clock that only moves when somebody sleeps. */
export function fakeTiming(random = 0.5): Timing & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => random,
    sleep: (ms) => {
      now += ms;
      slept.push(ms);
      return Promise.resolve();
    },
  };
}

/** Collects what is logged while `work` runs. */
export async function capturingLogs(work: () => unknown): Promise<Record<string, unknown>[]> {
  const write = process.stdout.write.bind(process.stdout);
  const lines: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    lines.push(String(chunk));
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
}

let sequence = 0;

/** A record as a Kinesis mapping hands it over; each stands after the one before. */
export function kinesisRecord(data: Uint8Array | string, shardId = 'shardId-000000000000'): KinesisStreamRecord {
  sequence += 1;
  const sequenceNumber = String(sequence).padStart(56, '0');
  return {
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/kit',
    eventVersion: '1.0',
    awsRegion: 'eu-west-1',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/kit',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'range-1',
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: 1_793_612_345.678,
    },
  };
}
