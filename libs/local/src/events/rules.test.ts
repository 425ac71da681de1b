import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  ResourceNotFoundException,
  DescribeRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { testEndpoint } from '../testing/endpoint.ts';
import { fixture, queue, type Fixture } from './fixture.test-support.ts';

let cloud: Fixture;
beforeEach(async () => void (cloud = await fixture()));
afterEach(() => cloud.engine.close());

const apply = async (type: string, properties: object, logicalId = 'Thing') => {
  const found = cloud.engine.resourceTypes.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`No ${type}`);
  const request = {
    logicalId,
    properties: properties as Record<string, unknown>,
    stackName: 'larder-local',
    service: 'larder',
    packageDirectory: '',
  };
  return { ...(await found.apply(request)), remove: (id: string) => found.remove(id) };
};

describe('a rule with a schedule', () => {
  const scheduled = async (ScheduleExpression: string): Promise<void> => {
    await cloud.call('PutRule', { Name: 'tick', ScheduleExpression });
    await cloud.call('PutTargets', { Rule: 'tick', Targets: [{ Id: '1', Arn: queue('q') }] });
  };

  test('fires at its rate, with the event that AWS sends', async () => {
    await scheduled('rate(1 minute)');
    await cloud.advance(59_999);
    expect(cloud.sent).toHaveLength(0);
    await cloud.advance(1);
    await cloud.advance(60_000);
    expect(cloud.sent).toHaveLength(2);
    expect(JSON.parse(cloud.sent[0]?.message.body ?? '')).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-01-05T12:01:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/tick'],
      detail: {},
    });
  });

  test.each(['cron(* * * * ? *)', 'rate(1 minute)'])('%s goes on when the clock is set back', async (expression) => {
    await scheduled(expression);
    await cloud.advance(60_000);
    await cloud.advance(-3_600_000);
    await cloud.advance(60_000);
    await cloud.advance(60_000);
    expect(cloud.sent).toHaveLength(3);
  });

  test('fires once after a clock that jumped, and then on time', async () => {
    await scheduled('cron(0/5 * * * ? *)');
    await cloud.advance(3_600_000);
    expect(cloud.sent).toHaveLength(1);
    await cloud.advance(300_000);
    expect(cloud.sent).toHaveLength(2);
  });

  test('does not fire while it is disabled', async () => {
    await scheduled('rate(1 minute)');
    await cloud.call('DisableRule', { Name: 'tick' });
    await cloud.advance(600_000);
    expect(cloud.sent).toHaveLength(0);
  });

  test('is possible on the default bus only', async () => {
    await cloud.call('CreateEventBus', { Name: 'larder' });
    await expect(cloud.call('PutRule', { Name: 'tick', EventBusName: 'larder', ScheduleExpression: 'rate(1 hour)' })).rejects.toMatchObject(
      { code: 'ValidationException' },
    );
  });
});

describe('rules and targets', () => {
  test('a rule takes five targets and not six', async () => {
    const targets = (count: number) => Array.from({ length: count }, (_, index) => ({ Id: String(index), Arn: queue('q') }));
    await cloud.rule('r');
    await expect(cloud.call('PutTargets', { Rule: 'r', Targets: targets(5) })).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(cloud.call('PutTargets', { Rule: 'r', Targets: targets(6) })).rejects.toMatchObject({ code: 'LimitExceededException' });
    for (const Id of [undefined, '', 'a b', 'x'.repeat(65)])
      await expect(cloud.call('PutTargets', { Rule: 'r', Targets: [{ Id, Arn: queue('q') }] })).rejects.toMatchObject({
        code: 'ValidationException',
      });
  });

  test('a rule with targets is not deleted, and one without is', async () => {
    await cloud.rule('r');
    await expect(cloud.call('DeleteRule', { Name: 'r' })).rejects.toMatchObject({ code: 'ValidationException' });
    await cloud.call('RemoveTargets', { Rule: 'r', Ids: ['1'] });
    await cloud.call('DeleteRule', { Name: 'r' });
    await expect(cloud.call('ListRules')).resolves.toEqual({ Rules: [] });
  });

  test.each([
    ['a name with spaces', { Name: 'a b', EventPattern: '{"a":[1]}' }],
    ['a name of 65 characters', { Name: 'a'.repeat(65), EventPattern: '{"a":[1]}' }],
    ['neither pattern nor schedule', { Name: 'a' }],
  ])('PutRule refuses %s', async (_name, input) => {
    await expect(cloud.call('PutRule', input)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('PutRule refuses a bus that does not exist, and a wrong pattern', async () => {
    await expect(cloud.call('PutRule', { Name: 'a', EventBusName: 'no', EventPattern: '{"a":[1]}' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(cloud.call('PutRule', { Name: 'a', EventPattern: '{"a":1}' })).rejects.toMatchObject({
      code: 'InvalidEventPatternException',
    });
  });

  test('TestEventPattern says whether an event matches', async () => {
    const Event = JSON.stringify({
      id: '1',
      account: '1',
      source: 'shop',
      time: '2026-01-05T12:00:00Z',
      region: 'r',
      'detail-type': 'd',
      resources: [],
      detail: {},
    });
    await expect(cloud.call('TestEventPattern', { EventPattern: '{"source":["shop"]}', Event })).resolves.toEqual({ Result: true });
    await expect(cloud.call('TestEventPattern', { EventPattern: '{"source":["x"]}', Event })).resolves.toEqual({ Result: false });
    const { resources: _resources, ...incomplete } = JSON.parse(Event) as Record<string, unknown>;
    for (const less of [{}, incomplete])
      await expect(cloud.call('TestEventPattern', { EventPattern: '{"source":["x"]}', Event: JSON.stringify(less) })).rejects.toMatchObject(
        { code: 'ValidationException' },
      );
  });

  test('lists come in pages', async () => {
    for (const name of ['a', 'b', 'c']) await cloud.rule(name);
    const first = await cloud.call<{ Rules: { Name: string }[]; NextToken: string }>('ListRules', { Limit: 2 });
    const second = await cloud.call<{ Rules: { Name: string }[] }>('ListRules', { Limit: 2, NextToken: first.NextToken });
    expect([...first.Rules, ...second.Rules].map(({ Name }) => Name)).toEqual(['a', 'b', 'c']);
  });
});

describe('CloudFormation', () => {
  test('makes a bus, a rule on it, a policy and an archive', async () => {
    const bus = await apply('AWS::Events::EventBus', { Name: 'larder' });
    expect(bus).toMatchObject({
      physicalId: 'larder',
      attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/larder', Name: 'larder' },
    });
    const properties = {
      EventBusName: bus.attributes['Arn'],
      Name: 'sold',
      EventPattern: { source: ['shop'] },
      Targets: [{ Id: '1', Arn: queue('q'), RetryPolicy: { MaximumRetryAttempts: '3' } }],
    };
    const rule = await apply('AWS::Events::Rule', properties);
    expect(rule).toMatchObject({
      physicalId: 'larder|sold',
      attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:rule/larder/sold' },
    });
    const archive = await apply('AWS::Events::Archive', { ArchiveName: 'all', SourceArn: bus.attributes['Arn'], RetentionDays: '30' });
    expect(archive).toMatchObject({ physicalId: 'all', attributes: { Arn: 'arn:aws:events:us-east-1:000000000000:archive/all' } });
    await apply('AWS::Events::EventBusPolicy', {
      EventBusName: 'larder',
      StatementId: 's1',
      Statement: { Effect: 'Allow', Action: 'events:PutEvents', Principal: '*' },
    });
    const { Policy } = await cloud.call<{ Policy: string }>('DescribeEventBus', { Name: 'larder' });
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Sid: 's1', Action: 'events:PutEvents' }] });
    await cloud.put({}, { EventBusName: 'larder' });
    expect(cloud.sent).toHaveLength(1);
    await rule.remove(rule.physicalId);
    await cloud.put({}, { EventBusName: 'larder' });
    expect(cloud.sent).toHaveLength(1);
  });

  test('names a rule without a name the same at each start', async () => {
    const properties = { ScheduleExpression: 'rate(1 minute)', State: 'DISABLED', Targets: [] };
    const first = await apply('AWS::Events::Rule', properties, 'EveryMinute');
    const again = await apply('AWS::Events::Rule', properties, 'EveryMinute');
    expect(first.physicalId).toBe(again.physicalId);
    expect(first.physicalId).toMatch(/^larder-local-EveryMinute-[A-Z0-9]{12}$/);
    await expect(cloud.call('DescribeRule', { Name: first.physicalId })).resolves.toMatchObject({ State: 'DISABLED' });
  });

  test('applying a template again takes away targets that it no longer has', async () => {
    const properties = { Name: 'r', EventPattern: { source: ['shop'] } };
    await apply('AWS::Events::Rule', {
      ...properties,
      Targets: [
        { Id: 'a', Arn: queue('a') },
        { Id: 'b', Arn: queue('b') },
      ],
    });
    await apply('AWS::Events::Rule', { ...properties, Targets: [{ Id: 'b', Arn: queue('b') }] });
    await cloud.put();
    expect(cloud.sent.map(({ queueArn }) => queueArn)).toEqual([queue('b')]);
  });
});

test('the AWS SDK puts events, lists rules, and knows the errors', async () => {
  const endpoint = await testEndpoint(cloud.engine.services);
  const client = new EventBridgeClient(endpoint.client);
  try {
    await cloud.rule('sold');
    const Entries = [
      { Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}', Time: new Date(0) },
      { Source: 'shop', DetailType: 'Sold', Detail: '{' },
    ];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }] });
    expect(JSON.parse(cloud.sent[0]?.message.body ?? '')).toMatchObject({ time: '1970-01-01T00:00:00Z', detail: { n: 1 } });
    await expect(client.send(new ListRulesCommand({}))).resolves.toMatchObject({ Rules: [{ Name: 'sold', State: 'ENABLED' }] });
    await expect(client.send(new DescribeRuleCommand({ Name: 'none' }))).rejects.toThrow(ResourceNotFoundException);
  } finally {
    client.destroy();
    await endpoint.close();
  }
});
