import { generatedName } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { CreatedResource, ResourceRequest } from '../kernel/resource-type.ts';

/** Types that have no effect on a laptop whether they are run or not. */
const WITHOUT_EFFECT = new Set([
  'AWS::ApiGatewayV2::Deployment',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
]);

/** Whether to keep quiet about a resource that is not run here: nobody would notice that it is missing. */
export function isWithoutEffect(type: string): boolean {
  return WITHOUT_EFFECT.has(type);
}

/**
 * What others may refer to of a resource that is not run here: a name, an ARN, and something for any other attribute.
 * The name is the one that the template gives, or else made from the stack and the logical id, the same at every start.
 */
export function standIn(
  type: string,
  request: ResourceRequest,
  kernel: Pick<Kernel, 'region' | 'accountId' | 'partition'>,
): CreatedResource {
  const name = givenName(type, request.properties) ?? generatedName(request, 255);
  const arn = arnOf(type, name, kernel);
  const attributes: Record<string, unknown> = { Arn: arn, Id: name, Name: name, Ref: name };
  const lastPart = type.split('::').at(-1) ?? '';
  for (const suffix of ['Arn', 'Id', 'Name']) attributes[`${lastPart}${suffix}`] = suffix === 'Arn' ? arn : name;
  return { physicalId: REF_IS_ARN.has(type) ? arn : name, attributes: withAnyAttribute(attributes, name) };
}

const REF_IS_ARN = new Set(['AWS::ElasticLoadBalancingV2::LoadBalancer']);

/** The properties by which types name themselves: `TopicName`, `Name`, `Family`. */
function givenName(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  const lastPart = type.split('::').at(-1) ?? '';
  return [`${lastPart}Name`, 'Name'].map((key) => properties[key]).find((value) => typeof value === 'string') as string | undefined;
}

function arnOf(type: string, name: string, { partition, region, accountId }: Pick<Kernel, 'region' | 'accountId' | 'partition'>): string {
  const [, service = '', resource = ''] = type.split('::');
  switch (type) {
    case 'AWS::Logs::LogGroup':
      return `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*`;
    case 'AWS::CloudWatch::Alarm':
      return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
    default:
      return `arn:${partition}:${service.toLowerCase()}:${region}:${accountId}:${resource.toLowerCase()}/${name}`;
  }
}

/** Attributes of a type that is not known here have no end: what is not among them is the name and the attribute. */
function withAnyAttribute(attributes: Record<string, unknown>, name: string): Readonly<Record<string, unknown>> {
  return new Proxy(attributes, {
    get: (target, key) => (typeof key === 'string' ? (target[key] ?? `${name}.${key}`) : undefined),
    getOwnPropertyDescriptor: (target, key) =>
      Reflect.getOwnPropertyDescriptor(target, key) ?? {
        value: `${name}.${String(key)}`,
        configurable: true,
        enumerable: false,
        writable: true,
      },
  });
}
