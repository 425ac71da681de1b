import { orderPlaced } from '@larder/contracts/orders/order-placed';
import { encode } from '@larder/contracts/wire';

/** A batch of messages as SQS hands it over, each about another order. */
export function batchOf(size: number): object {
  return {
    Records: Array.from({ length: size }, (_, index) => ({
      messageId: `059f36b4-87a3-44ab-83d2-6619757a7${String(index).padStart(3, '0')}`,
      receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
      body: bodyOf(`order-${index}`),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1793612345678',
        SenderId: 'AIDAIT2UOQQY3AUEKVGXU',
        ApproximateFirstReceiveTimestamp: '1793612345690',
        AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:reserveStock',
      awsRegion: 'us-east-1',
    })),
  };
}

/** A request as an HTTP API hands it over, payload format 2.0. */
export function requestOf(): object {
  const { orderId: _, customerId: __, total: ___, placedAt: ____, ...order } = orderPlaced.example;
  return {
    version: '2.0',
    routeKey: 'POST /',
    rawPath: '/',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'abc.execute-api.us-east-1.amazonaws.com', 'x-correlation-id': 'correlation-1' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      authorizer: { jwt: { claims: { sub: 'f2a1c0de-0000-4000-8000-000000000001', email: 'shopper@example.com' }, scopes: null } },
      domainName: 'abc.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc',
      http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'POST /',
      stage: '$default',
      time: '02/Nov/2026:09:30:00 +0000',
      timeEpoch: 1793612345678,
    },
    body: JSON.stringify({ ...order, paymentToken: 'tok_ok' }),
    isBase64Encoded: false,
  };
}

export function contextOf(): object {
  return {
    functionName: 'larder-bench',
    awsRequestId: '5b441b59-a550-11e8-b6f4-c1d1a3b1a0ff',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:larder-bench',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/larder-bench',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 10_000,
  };
}

function bodyOf(orderId: string): string {
  const data = { ...orderPlaced.example, orderId };
  const entry = encode(orderPlaced, {
    id: `event-${orderId}`,
    time: new Date('2026-11-02T09:30:00Z'),
    data,
    correlationId: 'correlation-1',
    causationId: 'request-1',
  });
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: '123456789012',
    time: '2026-11-02T09:30:00Z',
    region: 'us-east-1',
    resources: [],
    detail: JSON.parse(entry.Detail) as unknown,
  });
}
