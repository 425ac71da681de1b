import { getAtt, ref } from './cloudformation.ts';
import type { Resources, Value } from './cloudformation.ts';
import { path } from './naming.ts';
import type { Service, ServedRoute, ServiceFunction } from './service.ts';

/** osls's logical ids. */
const api = 'HttpApi';
const apiStage = 'HttpApiStage';
const authorizer = 'signedIn';

/** What one service answers at most, until someone measures that it needs more. */
const throttling = { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 };

const hasRoutes = (service: Service): boolean => service.functions.some((fn) => fn.routes.length > 0);

/** The `httpApi` events of a function, which osls turns into routes, integrations and permissions. */
export const toHttpApiEvents = (fn: ServiceFunction): object[] => fn.routes.map((route) => ({ httpApi: toHttpApi(route) }));

function toHttpApi({ contract: { method, path: routePath, auth } }: ServedRoute): object {
  if (auth === 'jwt') return { method, path: routePath, authorizer: { name: authorizer } };
  if (auth === 'iam') return { method, path: routePath, authorizer: { type: 'aws_iam' } };
  return { method, path: routePath };
}

/** `provider.httpApi`: who issues tokens, and whose pages may call. */
export function toHttpApiSettings(service: Service, origins: readonly string[] | undefined): Record<string, unknown> {
  const people = service.functions.some((fn) => fn.routes.some(({ contract }) => contract.auth === 'jwt'));
  const jwt = {
    type: 'jwt',
    identitySource: '$request.header.Authorization',
    issuerUrl: ref('TokenIssuer'),
    audience: [ref('TokenAudience')],
  };
  const cors = { allowedOrigins: origins, allowedHeaders: ['authorization', 'content-type', 'idempotency-key'], maxAge: 3600 };
  return { ...(people ? { authorizers: { [authorizer]: jwt } } : {}), ...(origins ? { cors } : {}) };
}

/** A sentence for each entry of `custom.larder.cors` that a browser would never send as its page's origin. */
export const wrongOrigins = (origins: readonly string[]): string[] =>
  origins.flatMap((origin, index) =>
    /^https?:\/\/[^/*]+$/.test(origin)
      ? []
      : [`custom.larder.cors[${index}]: '${origin}' is no origin; write scheme and host, without a path, as in 'https://shop.example'.`],
  );

/** Limits of the API's stage, and where other services find it. */
export function toApi(service: Service): Resources {
  if (!hasRoutes(service)) return {};
  const parameter = (name: string, value: Value): Resources[string] => ({
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: path(service.stage, `${service.name}/${name}`), Type: 'String', Value: value },
  });
  return {
    [apiStage]: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { DefaultRouteSettings: throttling } },
    ApiUrlParameter: parameter('api-url', getAtt(api, 'ApiEndpoint')),
    ApiIdParameter: parameter('api-id', ref(api)),
  };
}
