import type { DynamoDBRecord } from 'aws-lambda';
import { capturingLogs, contextOf, insertRecord } from './aws-events.fixture.ts';
import { customResourceReceiver } from './custom-resource.ts';
import type { HttpRequest } from './http.ts';
import { onSchedule, type Tick } from './on-schedule.ts';
import { onTableChange, type TableChange } from './on-table-change.ts';

describe('onTableChange', () => {
  interface Product {
    productId: string;
    version: number;
  }
  const change = (productId: string, version: number, sequenceNumber: string): DynamoDBRecord => {
    const record = insertRecord({ productId, version }, sequenceNumber);
    return { ...record, dynamodb: { ...record.dynamodb, Keys: { productId: { S: productId } } } };
  };

  it('hands over inserts, updates and removals with plain items', async () => {
    const seen: TableChange<Product>[] = [];
    const inserted = change('a', 1, '1');
    const image = inserted.dynamodb?.NewImage;
    const modified: DynamoDBRecord = { ...inserted, eventName: 'MODIFY', dynamodb: { ...inserted.dynamodb, OldImage: image } };
    const expired = {
      ...inserted,
      eventName: 'REMOVE' as const,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { ...inserted.dynamodb, OldImage: image, NewImage: undefined },
    };
    const handler = onTableChange<Product>((each) => seen.push(each));
    expect(await handler({ Records: [inserted, modified, expired] }, contextOf())).toEqual({ batchItemFailures: [] });
    const item = { productId: 'a', version: 1 };
    expect(seen).toMatchObject([
      { kind: 'inserted', new: item, keys: { productId: 'a' }, cause: { causationId: inserted.eventID } },
      { kind: 'modified', old: item, new: item },
      { kind: 'removed', old: item, expired: true },
    ]);
  });

  it('answers the lowest sequence number that failed, and lets later changes of its item wait', async () => {
    const seen: string[] = [];
    const handler = onTableChange<Product>(({ new: item }) => {
      seen.push(`${item?.productId}${item?.version}`);
      if (item?.productId === 'b') throw new Error('not now');
    });
    const records = [change('a', 1, '10'), change('b', 1, '11'), change('a', 2, '12'), change('b', 2, '13')];
    let answer: unknown;
    await capturingLogs(async () => (answer = await handler({ Records: records }, contextOf())));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '11' }] });
    expect([...seen].sort()).toEqual(['a1', 'a2', 'b1']);
  });
});

describe('onSchedule', () => {
  const event = {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event' as const,
    source: 'aws.events',
    account: '123456789012',
    time: '2026-11-02T16:53:06Z',
    region: 'us-east-1',
    resources: ['arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule'],
    detail: {},
  };

  it("takes the schedule's own time for its clock", async () => {
    const seen: Tick[] = [];
    await onSchedule((tick) => seen.push(tick))(event, contextOf());
    expect(seen).toMatchObject([{ id: event.id, time: new Date(event.time), cause: { causationId: event.id } }]);
  });

  it('throws what its rule throws, so that Lambda tries again', async () => {
    const handler = onSchedule(() => Promise.reject(new Error('not now')));
    await capturingLogs(() => expect(handler(event, contextOf())).rejects.toThrow('not now'));
  });
});

describe('onCustomResource', () => {
  const event = {
    RequestType: 'Create' as const,
    ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:seed',
    ResponseURL: 'http://localhost:4566/_local/cloudformation/1',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/s/1',
    RequestId: 'unique-1',
    LogicalResourceId: 'Seed',
    ResourceType: 'Custom::Seed',
    ResourceProperties: { ServiceToken: 'x', size: '150' },
  };
  const world = () => {
    const sent: HttpRequest[] = [];
    const receive = customResourceReceiver((request) => {
      sent.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: '' });
    });
    return { sent, receive, answer: () => JSON.parse(sent[0]?.body ?? '') as Record<string, unknown> };
  };

  it('answers what the rule made', async () => {
    const { receive, answer, sent } = world();
    await receive(({ properties }) => Promise.resolve({ physicalId: 'seed-1', data: { size: properties.size } }))(event, contextOf());
    expect(sent[0]).toMatchObject({ method: 'PUT', headers: { 'content-type': '' } });
    expect(answer()).toEqual({
      StackId: event.StackId,
      RequestId: 'unique-1',
      LogicalResourceId: 'Seed',
      PhysicalResourceId: 'seed-1',
      Status: 'SUCCESS',
      Data: { size: '150' },
    });
  });

  it('answers a failure, also one of time', async () => {
    for (const rule of [() => Promise.reject(new Error('no table')), () => new Promise<void>(() => undefined)]) {
      const { receive, answer } = world();
      await capturingLogs(() => receive(rule)(event, contextOf(3050)));
      expect(answer()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/no table|no time/) });
    }
  });
});
