import type { Kernel } from '../kernel/kernel.ts';
import type { QueuePort, StateMachinePort, TopicPort } from '../kernel/ports.ts';
import type { StreamReader } from '../lambda/mapping-resource.ts';
import type { ServiceState } from '../service-state.ts';
import type { DeployedResource } from '../stack/stack-store.ts';
import type { Journal } from './journal.ts';

export interface CloudStatus {
  readonly pid: number;
  readonly folder: string;
  readonly stage: string;
  /** `starting` until every service was tried. */
  readonly state: 'starting' | 'ready';
  readonly endpoint: string;
  readonly gateway: string;
  readonly iam: 'enforce' | 'warn';
  readonly stateDirectory: string | undefined;
  readonly services: readonly ServiceStatus[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly state: ServiceState['state'];
  /** Why it is not running, or still runs what stood before the last edit. */
  readonly problem: string | undefined;
  readonly url: string | undefined;
  readonly functions: readonly { readonly name: string; readonly functionName: string }[];
  readonly routes: readonly RouteStatus[];
  readonly queues: readonly QueueStatus[];
  readonly topics: readonly TopicStatus[];
  readonly machines: readonly MachineStatus[];
  /** Its functions that read streams. */
  readonly readers: readonly StreamReader[];
  /** Resources that nothing runs here, by type. */
  readonly notRunHere: Readonly<Record<string, readonly string[]>>;
  readonly lastError: { readonly at: string; readonly message: string } | undefined;
}

export interface RouteStatus {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  /** The function's key in `serverless.yml`. */
  readonly function: string | undefined;
  /** `NONE`, `JWT`, `AWS_IAM`, `CUSTOM`. */
  readonly authorization: string;
}

export interface QueueStatus {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Names of the queues, rules and subscriptions whose failures end here; empty for an ordinary queue. */
  readonly deadLetterOf: readonly string[];
}

export interface TopicStatus {
  readonly name: string;
  readonly arn: string;
  readonly subscriptions: number;
  /** Deliveries that have not succeeded yet. */
  readonly waiting: number;
}

export interface MachineStatus {
  readonly name: string;
  readonly arn: string;
  /** Executions. */
  readonly running: number;
  /** Executions that failed or ran out of time, of those that are remembered. */
  readonly failed: number;
}

/** Describes a service: what it serves, what waits, and what went wrong. */
export async function serviceStatus(
  service: ServiceState,
  kernel: Kernel,
  { queues, topics, machines }: StatusPorts,
  readers: readonly StreamReader[],
  journal: Journal,
): Promise<ServiceStatus> {
  const resources = Object.entries(service.stack?.resources ?? {});
  const lastError = journal.lastError(service.name);
  const routes = routesOf(service, kernel);
  const names = new Set(Object.values(service.packaged?.functions ?? {}));
  return {
    name: service.name,
    state: service.state,
    problem: service.problem,
    url: routes.length === 0 ? undefined : `${kernel.gatewayUrl}/${service.name}`,
    functions: Object.entries(service.packaged?.functions ?? {}).map(([name, functionName]) => ({ name, functionName })),
    routes,
    queues: await queuesOf(resources, queues),
    topics: topicsOf(resources, topics),
    machines: machinesOf(resources, machines),
    readers: readers.filter(({ functionName }) => names.has(functionName)),
    notRunHere: notRunHere(resources),
    lastError: lastError && { at: new Date(lastError.at).toISOString(), message: lastError.message },
  };
}

interface StatusPorts {
  readonly queues: QueuePort;
  readonly topics: Pick<TopicPort, 'describe'>;
  readonly machines: Pick<StateMachinePort, 'describe'>;
}

type Entry = readonly [logicalId: string, resource: DeployedResource];

function routesOf(service: ServiceState, kernel: Kernel): readonly RouteStatus[] {
  const resources = Object.values(service.stack?.resources ?? {});
  const integrations = new Map(
    resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration').map((each) => [each.physicalId, each]),
  );
  const byName = new Map(Object.entries(service.packaged?.functions ?? {}).map(([name, functionName]) => [functionName, name]));
  return resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')
    .map(({ properties }) => {
      const [first = '', second] = String(properties?.['RouteKey']).split(' ');
      const [method, path] = second === undefined ? ['ANY', '/{proxy+}'] : [first, second];
      const target = integrations.get(String(properties?.['Target']).replace(/^integrations\//, ''));
      const functionName = /:function:([^:/]+)/.exec(String(target?.properties?.['IntegrationUri']))?.[1];
      return {
        method,
        path,
        url: `${kernel.gatewayUrl}/${service.name}${path === '/' ? '' : path}`,
        function: functionName === undefined ? undefined : byName.get(functionName),
        authorization: String(properties?.['AuthorizationType'] ?? 'NONE'),
      };
    });
}

async function queuesOf(resources: readonly Entry[], queues: QueuePort): Promise<readonly QueueStatus[]> {
  const deadLetterOf = deadLetterUse(resources.map(([, resource]) => resource));
  const own = resources.filter(([, { type }]) => type === 'AWS::SQS::Queue');
  return Promise.all(
    own.map(async ([, { physicalId, attributes }]) => {
      const arn = String(attributes['Arn']);
      const current = (await queues.attributes(arn)) ?? {};
      const count = (name: string): number => Number(current[name] ?? 0);
      return {
        name: arn.split(':').at(-1) ?? arn,
        url: physicalId,
        arn,
        waiting: count('ApproximateNumberOfMessages'),
        inFlight: count('ApproximateNumberOfMessagesNotVisible'),
        delayed: count('ApproximateNumberOfMessagesDelayed'),
        deadLetterOf: deadLetterOf.get(arn) ?? [],
      };
    }),
  );
}

function topicsOf(resources: readonly Entry[], topics: Pick<TopicPort, 'describe'>): readonly TopicStatus[] {
  const own = resources.filter(([, { type }]) => type === 'AWS::SNS::Topic');
  return own.map(([, { physicalId: arn }]) => {
    const { subscriptions, waiting } = topics.describe(arn) ?? { subscriptions: 0, waiting: 0 };
    return { name: arn.split(':').at(-1) ?? arn, arn, subscriptions, waiting };
  });
}

function machinesOf(resources: readonly Entry[], machines: StatusPorts['machines']): readonly MachineStatus[] {
  const own = resources.filter(([, { type }]) => type === 'AWS::StepFunctions::StateMachine');
  return own.map(([, { physicalId: arn }]) => ({
    name: arn.split(':').at(-1) ?? arn,
    arn,
    ...(machines.describe(arn) ?? { running: 0, failed: 0 }),
  }));
}

/** The queues, rules and subscriptions that hand their failures to each queue. */
function deadLetterUse(resources: readonly DeployedResource[]): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  const note = (arn: unknown, name: unknown): void => {
    if (typeof arn === 'string') uses.set(arn, [...(uses.get(arn) ?? []), String(name)]);
  };
  for (const { type, physicalId, attributes, properties = {} } of resources) {
    if (type === 'AWS::SQS::Queue')
      note(member(properties['RedrivePolicy'], 'deadLetterTargetArn'), String(attributes['Arn']).split(':').at(-1));
    if (type === 'AWS::SNS::Subscription') note(member(properties['RedrivePolicy'], 'deadLetterTargetArn'), properties['Endpoint']);
    if (type === 'AWS::Lambda::Function') note(member(properties['DeadLetterConfig'], 'TargetArn'), physicalId);
    if (type === 'AWS::Events::Rule') {
      for (const target of [properties['Targets'] ?? []].flat()) note(member(member(target, 'DeadLetterConfig'), 'Arn'), physicalId);
    }
    if (type === 'AWS::Lambda::EventSourceMapping' || type === 'AWS::Lambda::EventInvokeConfig') {
      note(member(member(properties['DestinationConfig'], 'OnFailure'), 'Destination'), properties['FunctionName']);
    }
  }
  return uses;
}

function notRunHere(resources: readonly Entry[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const [logicalId, { type, notRun }] of resources) if (notRun) (found[type] ??= []).push(logicalId);
  return found;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
