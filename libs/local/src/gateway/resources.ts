import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { generatedId } from '../kernel/generated-name.ts';
import type { ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import type { Api } from './model.ts';
import { readAuthorizer, readCors, readIntegration, readRoute, readStage } from './read-properties.ts';
import type { Registry } from './registry.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** How the HTTP APIs of a template come to be. They live in memory: each start makes them again. */
export function gatewayResourceTypes(kernel: Kernel, registry: Registry): ResourceType[] {
  const apiOf = ({ properties }: ResourceRequest): Api => {
    const id = String(properties['ApiId']);
    const api = registry.byId(id);
    if (!api) throw new AwsError('NotFoundException', `Invalid API identifier specified ${kernel.accountId}:${id}`, 404);
    return api;
  };

  /** A part of an API. Its physical id is unique within the API only, so what is removed is found by both. */
  const part = (
    type: string,
    put: (api: Api, request: ResourceRequest, id: string) => void,
    take: (api: Api, id: string) => void,
  ): ResourceType => {
    const owners = new Map<string, Api>();
    return {
      type,
      async apply(request) {
        const api = apiOf(request);
        const id = generatedId(request, 7, ALPHABET);
        try {
          put(api, request, id);
        } catch (error) {
          throw error instanceof TypeError ? new AwsError('BadRequestException', error.message) : error;
        }
        owners.set(id, api);
        registry.changed(api);
        return { physicalId: id, attributes: { [`${type.slice(type.lastIndexOf(':') + 1)}Id`]: id } };
      },
      async remove(physicalId) {
        const api = owners.get(physicalId);
        if (!api) return;
        take(api, physicalId);
        registry.changed(api);
      },
    };
  };

  return [
    {
      type: 'AWS::ApiGatewayV2::Api',
      async apply(request) {
        const { properties, service } = request;
        if (properties['ProtocolType'] !== 'HTTP') {
          throw new AwsError(
            'BadRequestException',
            `${request.logicalId}: only HTTP APIs run here, not ${String(properties['ProtocolType'])} ones.`,
          );
        }
        const id = generatedId(request, 10, ALPHABET);
        const known = registry.byId(id);
        const api = known ?? {
          id,
          service,
          cors: undefined,
          stage: undefined,
          routes: new Map(),
          integrations: new Map(),
          authorizers: new Map(),
        };
        api.cors = readCors(properties['CorsConfiguration']);
        registry.put(api);
        registry.changed(api);
        return { physicalId: id, attributes: { ApiId: id, ApiEndpoint: `${kernel.gatewayUrl}/${service}` } };
      },
      async remove(physicalId) {
        registry.remove(physicalId);
      },
    },
    {
      type: 'AWS::ApiGatewayV2::Stage',
      async apply(request) {
        const api = apiOf(request);
        api.stage = readStage(request.properties);
        registry.changed(api);
        return { physicalId: api.stage.name, attributes: { Id: api.stage.name } };
      },
      remove: async () => {},
    },
    part(
      'AWS::ApiGatewayV2::Integration',
      (api, request, id) => api.integrations.set(id, readIntegration(request, id)),
      (api, id) => api.integrations.delete(id),
    ),
    part(
      'AWS::ApiGatewayV2::Authorizer',
      (api, request, id) => api.authorizers.set(id, readAuthorizer(request, id)),
      (api, id) => api.authorizers.delete(id),
    ),
    part(
      'AWS::ApiGatewayV2::Route',
      (api, request, id) => api.routes.set(id, readRoute(request, id)),
      (api, id) => api.routes.delete(id),
    ),
  ];
}
