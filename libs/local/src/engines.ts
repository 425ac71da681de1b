import { createCloudFront, createOriginAccess } from './cloudfront/cloudfront.ts';
import { createCognito } from './cognito/cognito.ts';
import { createDynamoDb } from './dynamodb/dynamodb.ts';
import type { PlainRoute } from './endpoint/endpoint.ts';
import { createEvents } from './events/events.ts';
import { createGateway } from './gateway/gateway.ts';
import { createIam, type Iam } from './iam/iam.ts';
import type { AwsService, Caller } from './kernel/call.ts';
import type { Engine } from './kernel/engine.ts';
import { eitherStream } from './kernel/either-stream.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { LambdaPort, StateMachinePort, TopicPort } from './kernel/ports.ts';
import type { ResourceType } from './kernel/resource-type.ts';
import type { FunctionsControl } from './lambda/control.ts';
import { createKinesis } from './kinesis/kinesis.ts';
import { createLambda, type Lambda } from './lambda/lambda.ts';
import { createRekognition } from './rekognition/rekognition.ts';
import { createS3 } from './s3/s3.ts';
import { createSecretsManager } from './secrets-manager/secrets-manager.ts';
import { createSns } from './sns/sns.ts';
import { createSes, type HttpRoute } from './ses/ses.ts';
import { createSqs, type Sqs } from './sqs/sqs.ts';
import { createStepFunctions } from './step-functions/step-functions.ts';
import { createSsm } from './ssm/ssm.ts';
import { createSts } from './sts/sts.ts';
import type { ReferenceSources } from './stack/dynamic-references.ts';
import { untilReady } from './until-ready.ts';

/** All engines of the cloud, connected. */
export interface Engines {
  readonly iam: Iam;
  readonly lambda: LambdaPort;
  readonly functions: FunctionsControl;
  readonly readers: Lambda['readers'];
  readonly sqs: Sqs;
  readonly topics: TopicPort;
  readonly machines: StateMachinePort;
  readonly services: readonly AwsService[];
  readonly resourceTypes: readonly ResourceType[];
  /** What engines answer at the endpoint beside their APIs: public keys, the mailbox. */
  readonly routes: readonly PlainRoute[];
  /** What `{{resolve:…}}` and SSM parameters of templates are looked up in. */
  readonly sources: ReferenceSources;
  listenGateway(port: number): Promise<number>;
  /** Ends the environment of a function in the middle of its work: a fault. */
  crash(caller: Caller, traceHeader?: string): void;
  /** Stops the event sources, lets what runs end, and takes no more requests. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface EnginesOptions {
  /** What an invocation waits for: new code that is on its way. */
  beforeInvoke(functionName: string): Promise<void> | undefined;
  /** Whether every service was tried: until then a function that is not there may still come. */
  isReady(): boolean;
}

/** Makes all engines of a kernel. Those that keep state open it. */
export async function createEngines(kernel: Kernel, { beforeInvoke, isReady }: EnginesOptions): Promise<Engines> {
  const iam = await createIam(kernel);
  const sqs = await createSqs(kernel, { iam: iam.iam });
  const dynamodb = await createDynamoDb(kernel);
  const kinesis = await createKinesis(kernel);
  const ssm = await createSsm(kernel);
  const secrets = await createSecretsManager(kernel);
  const ses = await createSes(kernel);
  const sts = await createSts(kernel);
  const rekognition = await createRekognition();
  const cognito = await createCognito(kernel);
  // Lambda sends to buses and buses invoke functions: each is asked for when it is needed.
  const lambda = await createLambda(kernel, {
    iam: iam.iam,
    queues: sqs.queues,
    streams: eitherStream(dynamodb.streams, kinesis.streams),
    events: () => events.events,
    beforeInvoke,
  });
  const targets = untilReady(lambda.lambda, isReady);
  const sns = await createSns(kernel, { lambda: () => targets, queues: sqs.queues, mail: ses.mail, iam: iam.iam });
  const { topics } = sns;
  const events = await createEvents(kernel, {
    lambda: () => targets,
    queues: sqs.queues,
    topics,
    machines: () => states.machines,
    iam: iam.iam,
  });
  const s3 = await createS3(kernel, { iam: iam.iam, lambda: () => targets, queues: sqs.queues, topics, events: () => events.events });
  const states = await createStepFunctions(kernel, {
    lambda: () => targets,
    services: () => engines.flatMap(({ services }) => services),
    iam: iam.iam,
    endpointOf,
  });
  const originAccess = createOriginAccess();
  const cloudfront = await createCloudFront(kernel, { originAccess, objects: s3.objects });
  const gateway = await createGateway(kernel, {
    lambda: lambda.lambda,
    functionUrls: lambda.functionUrls,
    iam: iam.iam,
    issuer: cognito.issuer,
    originAccess,
    sites: cloudfront.sites,
  });

  // Functions end first: while they finish their work they ask each other, put events and write.
  const callers: readonly Engine[] = [lambda, events, gateway, cloudfront];
  const called: readonly Engine[] = [states, s3, sns, sqs, dynamodb, kinesis, ses, secrets, ssm, cognito, sts, rekognition, iam];
  const engines = [...callers, ...called];
  return {
    iam: iam.iam,
    lambda: lambda.lambda,
    functions: lambda.functions,
    readers: lambda.readers,
    sqs,
    topics,
    machines: states.machines,
    routes: [...cognito.routes, ...sns.routes, ...ses.routes.map((route) => plainRoute(route, kernel))],
    services: engines.flatMap(({ services }) => services),
    resourceTypes: engines.flatMap(({ resourceTypes }) => resourceTypes),
    sources: { ssm: (name) => ssm.parameters.get(name), secret: (id, jsonKey) => secrets.secrets.get(id, jsonKey) },
    listenGateway: (port) => gateway.listen(port),
    crash(caller, traceHeader) {
      if (caller.kind === 'function') lambda.functions.crash(caller.functionName, traceHeader);
    },
    async drain() {
      await states.pause();
      for (const engine of callers) await engine.close();
    },
    async close() {
      for (const engine of called) await engine.close();
    },
  };
}

/** Where another answers for an API that does not run here, as the SDKs are told it. */
function endpointOf(signingName: string): string | undefined {
  return process.env[`AWS_ENDPOINT_URL_${signingName.toUpperCase().replaceAll('-', '_')}`];
}

/** Whoever has no function's credentials may read the mailbox. */
function plainRoute(route: HttpRoute, kernel: Kernel): PlainRoute {
  const caller = { kind: 'root', arn: `arn:aws:iam::${kernel.accountId}:root` } as const;
  return { ...route, handle: (request) => route.handle({ ...request, caller, region: kernel.region }) };
}
