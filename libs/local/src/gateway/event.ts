import type { Authorized } from './authorize.ts';
import { bodyOf, header, type Incoming, logTime } from './incoming.ts';
import type { Api, Route } from './model.ts';

/** Everything that an event is made of. */
export interface Exchange {
  readonly accountId: string;
  readonly api: Pick<Api, 'id' | 'stage'>;
  readonly selected: { readonly route: Pick<Route, 'key' | 'path'>; readonly parameters: Record<string, string> | undefined };
  readonly incoming: Incoming;
  readonly authorized: Authorized;
}

/**
 * The event of payload format 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventV2(exchange: Exchange): Record<string, unknown> {
  const { api, incoming, selected } = exchange;
  const { body, isBase64Encoded } = bodyOf(incoming);
  const cookies = incoming.headers['cookie']?.flatMap((line) => line.split(/;\s*/)).filter((cookie) => cookie !== '');
  return {
    version: '2.0',
    routeKey: selected.route.key,
    rawPath: incoming.rawPath,
    rawQueryString: incoming.rawQuery,
    ...(cookies && cookies.length > 0 ? { cookies } : {}),
    headers: joined(incoming.headers, 'cookie'),
    ...(incoming.query ? { queryStringParameters: joined(Object.fromEntries(incoming.query)) } : {}),
    requestContext: contextV2(exchange),
    ...(selected.parameters ? { pathParameters: selected.parameters } : {}),
    ...(api.stage?.variables ? { stageVariables: api.stage.variables } : {}),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}

/** `requestContext` of payload format 2.0, which authorizers are given too. */
export function contextV2({ accountId, api, selected, incoming, authorized }: Exchange): Record<string, unknown> {
  const domainName = domainOf(incoming);
  return {
    accountId,
    apiId: api.id,
    ...(authorized.v2 ? { authorizer: authorized.v2 } : {}),
    domainName,
    domainPrefix: domainName.split('.', 1)[0],
    http: {
      method: incoming.method,
      path: incoming.rawPath,
      protocol: incoming.protocol,
      sourceIp: incoming.sourceIp,
      userAgent: header(incoming, 'user-agent') ?? '',
    },
    requestId: incoming.requestId,
    routeKey: selected.route.key,
    stage: api.stage?.name ?? '$default',
    time: logTime(incoming.time),
    timeEpoch: incoming.time,
  };
}

/** The event of payload format 1.0. */
export function eventV1({ accountId, api, selected, incoming, authorized }: Exchange): Record<string, unknown> {
  const { body, isBase64Encoded } = bodyOf(incoming);
  const domainName = domainOf(incoming);
  const query = incoming.query && Object.fromEntries(incoming.query);
  return {
    version: '1.0',
    resource: selected.route.path,
    path: incoming.rawPath,
    httpMethod: incoming.method,
    headers: last(incoming.headers),
    multiValueHeaders: incoming.headers,
    queryStringParameters: query ? last(query) : null,
    multiValueQueryStringParameters: query ?? null,
    requestContext: {
      accountId,
      apiId: api.id,
      ...(authorized.v1 ? { authorizer: authorized.v1 } : {}),
      domainName,
      domainPrefix: domainName.split('.', 1)[0],
      extendedRequestId: incoming.requestId,
      httpMethod: incoming.method,
      identity: { ...NOBODY, ...authorized.identity, sourceIp: incoming.sourceIp, userAgent: header(incoming, 'user-agent') ?? '' },
      path: incoming.rawPath,
      protocol: incoming.protocol,
      requestId: incoming.requestId,
      requestTime: logTime(incoming.time),
      requestTimeEpoch: incoming.time,
      resourceId: selected.route.key,
      resourcePath: selected.route.path,
      stage: api.stage?.name ?? '$default',
    },
    pathParameters: selected.parameters ?? null,
    stageVariables: api.stage?.variables ?? null,
    body: body ?? null,
    isBase64Encoded,
  };
}

const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAmr: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

function domainOf(incoming: Incoming): string {
  return (incoming.headers['host']?.[0] ?? 'localhost').replace(/:\d+$/, '');
}

function joined(values: Readonly<Record<string, readonly string[]>>, except?: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of Object.keys(values)) if (name !== except) result[name] = (values[name] ?? []).join(',');
  return result;
}

function last(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? '']));
}
