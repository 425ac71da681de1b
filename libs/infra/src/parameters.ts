import type { Parameter, Parameters } from './cloudformation.ts';
import { foreignStreamParameter, logicalPrefix, path, streamArnPath } from './naming.ts';
import { publisherKey } from './service.ts';
import type { Service } from './service.ts';

/** The template parameter with the id of another service's API. */
export const apiIdParameter = (service: string): string => `${logicalPrefix(service)}ApiId`;

/**
 * What a stack has to know of others when it is deployed, and no more. CloudFormation looks each up in SSM:
 * no stack refers to another's resources, and packaging needs no account.
 */
export function toParameters(service: Service): Parameters {
  const { functions, stage, standalone } = service;
  const parameters: Record<string, Parameter> = {};
  const add = (id: string, rest: string): void => {
    parameters[id] = { Type: 'AWS::SSM::Parameter::Value<String>', Default: path(stage, rest) };
  };
  if (functions.length > 0 && !standalone) add('AlarmTopicArn', 'platform/alarm-topic-arn');
  if (functions.some((fn) => fn.subscription || fn.wholeBus || fn.key === publisherKey)) add('BusName', 'platform/bus-name');
  if (functions.some((fn) => fn.routes.some(({ contract }) => contract.auth === 'jwt'))) {
    add('TokenIssuer', 'platform/token-issuer');
    add('TokenAudience', 'platform/token-audience');
  }
  for (const { service: callee, contract } of functions.flatMap((fn) => fn.access.calls)) {
    if (contract.auth === 'iam') add(apiIdParameter(callee), `${callee}/api-id`);
  }
  for (const stream of functions.flatMap((fn) => fn.streamRecords)) {
    const [owner = '', id] = stream.split('.');
    if (id !== undefined) add(foreignStreamParameter(stream), streamArnPath(owner, id));
  }
  return parameters;
}
