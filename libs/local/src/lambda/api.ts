import { AwsError } from '../kernel/aws-error.ts';
import type { Permission, RestReply, RestRequest, RestService } from '../kernel/call.ts';
import { parseName, type Functions, type Target } from './functions.ts';
import type { InvokeOptions } from './invoke.ts';
import type { Mapping } from './mapping.ts';
import { policyOf, revisionOf } from './policy.ts';

export interface ApiDeps {
  readonly functions: Functions;
  readonly mappings: () => readonly Mapping[];
  readonly invoke: (options: InvokeOptions) => Promise<RestReply>;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly action: string;
  answer(request: RestRequest, name: string): Promise<RestReply>;
}

/**
 * Lambda's REST API: what runs functions and what shows them. Functions are made by templates only.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function createApi(deps: ApiDeps): RestService {
  const routes = toRoutes(deps);
  const find = (request: RestRequest): { route: Route; name: string } => {
    for (const route of routes) {
      const name = request.method === route.method ? route.path.exec(request.path) : null;
      if (name !== null) return { route, name: decodeURIComponent(name[1] ?? '') };
    }
    throw new AwsError(
      'UnknownOperationException',
      `${request.method} ${request.path} is not an operation of Lambda that runs on the laptop.`,
      404,
    );
  };
  return {
    protocol: 'rest',
    signingName: 'lambda',
    permissions(request): readonly Permission[] {
      const { route, name } = find(request);
      const fn = deps.functions.find(name);
      const resourcePolicy = fn && fn.statements.size > 0 ? policyOf(fn) : undefined;
      return [{ action: route.action, resource: name === '' ? '*' : arnOf(deps.functions, request, name), resourcePolicy }];
    },
    async handle(request) {
      const { route, name } = find(request);
      return route.answer(request, name);
    },
  };
}

function toRoutes({ functions, mappings, invoke }: ApiDeps): readonly Route[] {
  const target = (request: RestRequest, name: string): Target => functions.resolve(name, request.query.get('Qualifier') ?? undefined);
  return [
    {
      method: 'POST',
      path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
      action: 'lambda:InvokeFunction',
      answer: (request, name) =>
        invoke({
          functionName: arnOf(functions, request, name),
          payload: request.body.length === 0 ? '{}' : request.body.toString('utf8'),
          type: invocationType(request),
          wantLog: request.headers['x-amz-log-type'] === 'Tail',
          traceHeader: request.traceHeader,
          clientContext: clientContext(request),
        }),
    },
    {
      method: 'POST',
      path: /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations$/,
      action: 'lambda:InvokeFunction',
      answer: async () => {
        throw new AwsError(
          'UnknownOperationException',
          'InvokeWithResponseStream does not run on the laptop: Invoke answers with the whole, up to 6 MB, and a function URL with InvokeMode RESPONSE_STREAM streams.',
          404,
        );
      },
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/?$/,
      action: 'lambda:ListFunctions',
      answer: async () =>
        json({
          Functions: [...functions.all.values()].map((fn) => describe({ fn, deployment: fn.latest, arn: fn.arn, qualifier: '$LATEST' })),
        }),
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)$/,
      action: 'lambda:GetFunction',
      answer: async (request, name) => {
        const found = target(request, name);
        const { reservedConcurrency } = found.deployment.configuration;
        return json({
          Configuration: describe(found),
          Code: { RepositoryType: 'S3', Location: `file://${found.deployment.code.directory}` },
          Tags: {},
          ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
        });
      },
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
      action: 'lambda:GetFunctionConfiguration',
      answer: async (request, name) => json(describe(target(request, name))),
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)\/policy$/,
      action: 'lambda:GetPolicy',
      answer: async (request, name) => {
        const { fn } = target(request, name);
        const policy = policyOf(fn);
        if (policy.Statement.length === 0)
          throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        return json({ Policy: JSON.stringify(policy), RevisionId: revisionOf(policy) });
      },
    },
    {
      method: 'GET',
      path: /^\/2015-03-31\/event-source-mappings\/?$/,
      action: 'lambda:ListEventSourceMappings',
      answer: async (request) => {
        const name = request.query.get('FunctionName');
        const source = request.query.get('EventSourceArn');
        const asked = mappings().filter(
          (mapping) =>
            (name === null || parseName(mapping.functionName).name === parseName(name).name) &&
            (source === null || mapping.sourceArn === source),
        );
        return json({ EventSourceMappings: asked.map((mapping) => describeMapping(functions, mapping)) });
      },
    },
  ];
}

function arnOf(functions: Functions, request: RestRequest, reference: string): string {
  const { name, qualifier = request.query.get('Qualifier') ?? undefined } = parseName(reference);
  return qualifier === undefined ? functions.arnOf(name) : `${functions.arnOf(name)}:${qualifier}`;
}

function invocationType({ headers }: RestRequest): InvokeOptions['type'] {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw new AwsError('InvalidParameterValueException', `Invocation type ${type} is none of RequestResponse, Event, DryRun.`);
}

function clientContext({ headers }: RestRequest): string | undefined {
  const encoded = headers['x-amz-client-context'];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.');
  }
}

function describe({ deployment, arn }: Target): object {
  const { configuration, code, version, modifiedAt } = deployment;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: arn,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: code.bytes,
    CodeSha256: code.sha256,
    Description: configuration.description,
    Timeout: configuration.timeoutMs / 1000,
    MemorySize: configuration.memoryMb,
    LastModified: new Date(modifiedAt).toISOString().replace('Z', '+0000'),
    Version: version,
    Environment: { Variables: configuration.variables },
    TracingConfig: { Mode: 'Active' },
    PackageType: 'Zip',
    Architectures: [configuration.architecture],
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroupName },
    ...(configuration.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } }),
    EphemeralStorage: { Size: 512 },
  };
}

function describeMapping(functions: Functions, mapping: Mapping): object {
  const { FunctionName, ...rest } = mapping.properties;
  const reference = parseName(String(FunctionName));
  const functionArn = functions.arnOf(reference.name);
  return {
    ...rest,
    UUID: mapping.uuid,
    EventSourceArn: mapping.sourceArn,
    FunctionArn: reference.qualifier === undefined ? functionArn : `${functionArn}:${reference.qualifier}`,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowMs / 1000,
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
  };
}

function json(body: object): RestReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
