import type { Kernel } from '../kernel/kernel.ts';
import type { QueuePort } from '../kernel/ports.ts';
import type { ServiceState } from '../service-state.ts';
import type { DeployedResource } from '../stack/stack-store.ts';
import { createJournal } from './journal.ts';
import { serviceStatus, type ServiceStatus } from './status.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const queue = (name: string, properties = {}): DeployedResource => {
  return { type: 'AWS::SQS::Queue', physicalId: `http://localhost/${name}`, attributes: { Arn: arn(name) }, retain: false, properties };
};
const resource = (type: string, physicalId: string, properties = {}): DeployedResource => {
  return { type, physicalId, attributes: {}, retain: false, properties };
};

function statusOf(resources: Record<string, DeployedResource>): Promise<ServiceStatus> {
  const service = {
    name: 'shop',
    state: 'running',
    problem: undefined,
    packaged: { functions: { sell: 'shop-local-sell' } },
    stack: { stackName: 'shop-local', service: 'shop', resources, outputs: {}, exports: {} },
  } as unknown as ServiceState;
  const counts = { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '2', ApproximateNumberOfMessagesDelayed: '1' };
  const queues = { attributes: async (name: string) => (name.endsWith('gone') ? undefined : counts) } as unknown as QueuePort;
  const kernel = { gatewayUrl: 'http://localhost:4000' } as Kernel;
  return serviceStatus(
    service,
    kernel,
    { queues, topics: { describe: () => ({ subscriptions: 2, waiting: 1 }) }, machines: { describe: () => ({ running: 1, failed: 2 }) } },
    [
      { functionName: 'shop-local-sell', stream: 'sales', behindMs: 1200 },
      { functionName: 'till-local-sum', stream: 'sales', behindMs: 0 },
    ],
    createJournal(() => undefined),
  );
}

describe('the status of a service', () => {
  it('names its routes with their addresses and the functions that serve them', async () => {
    const { routes, url } = await statusOf({
      Route: resource('AWS::ApiGatewayV2::Route', 'r', { RouteKey: 'POST /sales', Target: 'integrations/i', AuthorizationType: 'JWT' }),
      Root: resource('AWS::ApiGatewayV2::Route', 's', { RouteKey: 'GET /', Target: 'integrations/none' }),
      Rest: resource('AWS::ApiGatewayV2::Route', 't', { RouteKey: '$default', Target: 'integrations/none' }),
      Integration: resource('AWS::ApiGatewayV2::Integration', 'i', {
        IntegrationUri: 'arn:aws:lambda:us-east-1:0:function:shop-local-sell',
      }),
    });
    expect(url).toBe('http://localhost:4000/shop');
    expect(routes).toEqual([
      { method: 'POST', path: '/sales', url: 'http://localhost:4000/shop/sales', function: 'sell', authorization: 'JWT' },
      { method: 'GET', path: '/', url: 'http://localhost:4000/shop', function: undefined, authorization: 'NONE' },
      { method: 'ANY', path: '/{proxy+}', url: 'http://localhost:4000/shop/{proxy+}', function: undefined, authorization: 'NONE' },
    ]);
  });

  it('says how far its readers of streams are behind', async () => {
    const { readers } = await statusOf({});
    expect(readers).toEqual([{ functionName: 'shop-local-sell', stream: 'sales', behindMs: 1200 }]);
  });

  it('counts what waits in its queues, and knows whose failures end in each', async () => {
    const dead = arn('dead');
    const { queues } = await statusOf({
      Work: queue('work', { RedrivePolicy: { deadLetterTargetArn: dead } }),
      Dead: queue('dead'),
      Rule: resource('AWS::Events::Rule', 'bus|rule', { Targets: [{ DeadLetterConfig: { Arn: dead } }] }),
      Fn: resource('AWS::Lambda::Function', 'fn', { DeadLetterConfig: { TargetArn: dead } }),
      Mapping: resource('AWS::Lambda::EventSourceMapping', 'm', {
        FunctionName: 'project',
        DestinationConfig: { OnFailure: { Destination: dead } },
      }),
      Subscription: resource('AWS::SNS::Subscription', 's', { Endpoint: 'endpoint', RedrivePolicy: { deadLetterTargetArn: dead } }),
      Gone: queue('gone'),
    });
    expect(queues.map(({ name, waiting, inFlight, delayed, deadLetterOf }) => [name, waiting, inFlight, delayed, deadLetterOf])).toEqual([
      ['work', 3, 2, 1, []],
      ['dead', 3, 2, 1, ['work', 'bus|rule', 'fn', 'project', 'endpoint']],
      ['gone', 0, 0, 0, []],
    ]);
  });

  it('says how many executions of its state machines run, and how many failed', async () => {
    const arn = 'arn:aws:states:us-east-1:0:stateMachine:resize';
    const { machines } = await statusOf({ Resize: resource('AWS::StepFunctions::StateMachine', arn) });
    expect(machines).toEqual([{ name: 'resize', arn, running: 1, failed: 2 }]);
  });

  it('says how many subscribe to its topics, and what has not been delivered', async () => {
    const { topics } = await statusOf({ Notices: resource('AWS::SNS::Topic', 'arn:aws:sns:us-east-1:0:notices') });
    expect(topics).toEqual([{ name: 'notices', arn: 'arn:aws:sns:us-east-1:0:notices', subscriptions: 2, waiting: 1 }]);
  });

  it('names what does not run here, by type', async () => {
    const cache = { ...resource('AWS::ElastiCache::CacheCluster', 'c'), notRun: true };
    const { notRunHere } = await statusOf({ One: cache, Two: cache, Work: queue('work') });
    expect(notRunHere).toEqual({ 'AWS::ElastiCache::CacheCluster': ['One', 'Two'] });
  });
});
