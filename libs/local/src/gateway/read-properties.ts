import type { ResourceRequest } from '../kernel/resource-type.ts';
import type { Authorizer, Cors, Integration, Route, Stage, Throttle } from './model.ts';
import { parseRouteKey } from './select-route.ts';

type Properties = Readonly<Record<string, unknown>>;

/** @throws {TypeError} for an integration that does not run here. */
export function readIntegration({ properties, logicalId }: ResourceRequest, id: string): Integration {
  if (properties['IntegrationType'] !== 'AWS_PROXY' || properties['IntegrationSubtype'] !== undefined) {
    const kind = String(properties['IntegrationSubtype'] ?? properties['IntegrationType']);
    throw new TypeError(`${logicalId}: integrations of type ${kind} do not run here; AWS_PROXY ones with a function do`);
  }
  return {
    id,
    functionName: functionOf(properties['IntegrationUri']),
    payloadVersion: version(properties['PayloadFormatVersion'] ?? '1.0', logicalId),
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    timeoutMs: Math.min(30_000, Math.max(50, Number(properties['TimeoutInMillis'] ?? 30_000))),
  };
}

export function readAuthorizer({ properties, logicalId }: ResourceRequest, id: string): Authorizer {
  const name = String(properties['Name'] ?? logicalId);
  const sources = list(properties['IdentitySource']);
  if (properties['AuthorizerType'] === 'JWT') {
    const jwt = (properties['JwtConfiguration'] ?? {}) as Properties;
    if (typeof jwt['Issuer'] !== 'string') throw new TypeError(`${logicalId}: a JWT authorizer needs JwtConfiguration.Issuer`);
    const identitySource = sources[0] ?? '$request.header.Authorization';
    return { kind: 'jwt', id, name, identitySource, issuer: jwt['Issuer'], audience: list(jwt['Audience']) };
  }
  return {
    kind: 'request',
    id,
    name,
    identitySources: sources,
    functionName: functionOf(properties['AuthorizerUri']),
    payloadVersion: version(properties['AuthorizerPayloadFormatVersion'] ?? '1.0', logicalId),
    simple: String(properties['EnableSimpleResponses']) === 'true',
    ttlSeconds: Math.min(3600, Number(properties['AuthorizerResultTtlInSeconds'] ?? (sources.length > 0 ? 300 : 0))),
  };
}

export function readRoute({ properties, logicalId }: ResourceRequest, id: string): Route {
  const key = String(properties['RouteKey']);
  const authorization = String(properties['AuthorizationType'] ?? 'NONE');
  if (authorization !== 'NONE' && authorization !== 'JWT' && authorization !== 'AWS_IAM' && authorization !== 'CUSTOM') {
    throw new TypeError(`${logicalId}: '${authorization}' is no AuthorizationType`);
  }
  const integrationId = /^integrations\/(.+)$/.exec(String(properties['Target'] ?? ''))?.[1];
  if (integrationId === undefined) throw new TypeError(`${logicalId}: the route has no Target 'integrations/<id>'`);
  const authorizerId = properties['AuthorizerId'] === undefined ? undefined : String(properties['AuthorizerId']);
  return { id, key, ...parseRouteKey(key), authorization, authorizerId, scopes: list(properties['AuthorizationScopes']), integrationId };
}

export function readStage(properties: Properties): Stage {
  const routes = Object.entries((properties['RouteSettings'] ?? {}) as Record<string, Properties>);
  return {
    name: String(properties['StageName'] ?? '$default'),
    variables: properties['StageVariables'] as Readonly<Record<string, string>> | undefined,
    standard: throttleOf(properties['DefaultRouteSettings']),
    byRoute: new Map(
      routes.map(([key, settings]) => [key, throttleOf(settings)] as const).filter(([, { rate, burst }]) => (rate ?? burst) !== undefined),
    ),
  };
}

/** CORS as HTTP APIs and function URLs write it. */
export function readCors(value: unknown): Cors | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const cors = value as Readonly<Record<string, unknown>>;
  return {
    origins: list(cors['AllowOrigins']),
    methods: list(cors['AllowMethods']),
    headers: list(cors['AllowHeaders']),
    exposed: list(cors['ExposeHeaders']),
    maxAge: cors['MaxAge'] === undefined ? undefined : Number(cors['MaxAge']),
    credentials: String(cors['AllowCredentials']) === 'true',
  };
}

/** One text or several. */
function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function throttleOf(settings: unknown): Throttle {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = (settings ?? {}) as Properties;
  return { rate: rate === undefined ? undefined : Number(rate), burst: burst === undefined ? undefined : Number(burst) };
}

/** A function's ARN, bare or within `…:lambda:path/2015-03-31/functions/<arn>/invocations`. */
function functionOf(uri: unknown): string {
  const text = String(uri ?? '');
  return /\/functions\/(.+)\/invocations$/.exec(text)?.[1] ?? text;
}

function version(value: unknown, logicalId: string): '1.0' | '2.0' {
  if (value === '1.0' || value === '2.0') return value;
  throw new TypeError(`${logicalId}: payload format version ${String(value)} does not exist: 1.0 and 2.0 do`);
}
