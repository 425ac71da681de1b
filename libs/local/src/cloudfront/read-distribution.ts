import { generatedId } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceRequest } from '../kernel/resource-type.ts';
import { forwardsHeader } from './forward.ts';
import type { Behaviour, CachePolicy, CustomError, Distribution, OriginRequestPolicy, ResponseHeadersPolicy } from './model.ts';
import { readOrigin } from './origins.ts';
import { readForwardedValues } from './policies.ts';
import { count, flag, invalid, part, parts, type Properties, text, texts, unread } from './properties.ts';

/** What a distribution refers to. */
export interface Referred {
  readonly cachePolicies: ReadonlyMap<string, CachePolicy>;
  readonly originRequestPolicies: ReadonlyMap<string, OriginRequestPolicy>;
  readonly responseHeadersPolicies: ReadonlyMap<string, ResponseHeadersPolicy>;
  /** Ids of origin access controls that sign. */
  readonly signing: ReadonlySet<string>;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * Reads an `AWS::CloudFront::Distribution`.
 *
 * @param warn told what of it has no effect here
 * @throws {AwsError} `InvalidArgument` for what CloudFront would refuse, and for what cannot be left out without changing the rest
 */
export function readDistribution(
  request: ResourceRequest,
  kernel: Kernel,
  referred: Referred,
  warn: (message: string) => void,
): Distribution {
  const config = part(request.properties, 'DistributionConfig') ?? {};
  const id = `E${generatedId(request, 13, UPPER)}`;
  const context = { kernel, service: request.service, signs: (control: string) => referred.signing.has(control) };
  const origins = parts(config, 'Origins').map((origin) => {
    complain(warn, `origin ${text(origin, 'Id') ?? ''}`, unread(origin, KNOWN.origin));
    return readOrigin(origin, context);
  });
  complain(warn, '', unread(config, KNOWN.config));
  const restriction = part(part(config, 'Restrictions') ?? {}, 'GeoRestriction') ?? {};
  if ((text(restriction, 'RestrictionType') ?? 'none') !== 'none') warn('Restrictions have no effect here: everybody is at home');

  const behaviours = [
    ...parts(config, 'CacheBehaviors').map((behaviour) => readBehaviour(behaviour, text(behaviour, 'PathPattern') ?? '*', referred, warn)),
    readBehaviour(part(config, 'DefaultCacheBehavior') ?? {}, '*', referred, warn),
  ];
  const byId = new Map(origins.map((origin) => [origin.id, origin]));
  for (const behaviour of behaviours) {
    const { originId, pathPattern } = behaviour;
    const origin = byId.get(originId);
    if (origin?.target.kind === 'gateway' && forwardsHeader(behaviour, 'host'))
      warn(
        `behaviour ${pathPattern}: it forwards the Host header to ${origin.domainName}, which knows itself by its own name only and answers 403`,
      );
    if (!origin)
      throw invalid(
        `the behaviour ${pathPattern} has the origin ${originId}, which is none of the Origins. Origin groups do not run here.`,
      );
  }
  const name = nameOf(config, request.service);
  const { port } = new URL(kernel.gatewayUrl);
  return {
    id,
    arn: `arn:${kernel.partition}:cloudfront::${kernel.accountId}:distribution/${id}`,
    name,
    domainName: `${name}.localhost${port === '' ? '' : `:${port}`}`,
    service: request.service,
    enabled: flag(config, 'Enabled'),
    rootObject: (text(config, 'DefaultRootObject') ?? '').replace(/^\//, ''),
    origins: byId,
    behaviours,
    errors: new Map(parts(config, 'CustomErrorResponses').map((each) => [count(each, 'ErrorCode', 0), readError(each)])),
  };
}

function readBehaviour(behaviour: Properties, pathPattern: string, referred: Referred, warn: (message: string) => void): Behaviour {
  const where = `behaviour ${pathPattern}`;
  complain(warn, where, unread(behaviour, KNOWN.behaviour));
  const functions = new Map(
    parts(behaviour, 'FunctionAssociations').map((each) => [text(each, 'EventType') ?? '', text(each, 'FunctionARN') ?? '']),
  );
  for (const { LambdaFunctionARN: arn } of parts(behaviour, 'LambdaFunctionAssociations'))
    warn(`${where}: Lambda@Edge does not run here, so that ${String(arn)} is never called. CloudFront Functions run`);
  const methods = texts(behaviour, 'AllowedMethods');
  const cachePolicyId = text(behaviour, 'CachePolicyId');
  return {
    pathPattern,
    originId: text(behaviour, 'TargetOriginId') ?? '',
    allowedMethods: new Set(methods.length === 0 ? ['GET', 'HEAD'] : methods),
    cachesOptions: texts(behaviour, 'CachedMethods').includes('OPTIONS'),
    cachePolicy: cachePolicyId === undefined ? readForwardedValues(behaviour) : find(referred.cachePolicies, cachePolicyId, 'cache policy'),
    originRequestPolicy: findIfAny(referred.originRequestPolicies, text(behaviour, 'OriginRequestPolicyId'), 'origin request policy'),
    responseHeadersPolicy: findIfAny(
      referred.responseHeadersPolicies,
      text(behaviour, 'ResponseHeadersPolicyId'),
      'response headers policy',
    ),
    viewerRequest: functions.get('viewer-request'),
    viewerResponse: functions.get('viewer-response'),
  };
}

function readError(error: Properties): CustomError {
  const path = text(error, 'ResponsePagePath');
  const code = count(error, 'ErrorCode', 0);
  return {
    code,
    minTtl: count(error, 'ErrorCachingMinTTL', 10),
    page: path === undefined ? undefined : { path, status: count(error, 'ResponseCode', code) },
  };
}

/** The first label of the first alias that has no wildcard; without one, the service's name. */
function nameOf(config: Properties, service: string): string {
  const alias = texts(config, 'Aliases').find((each) => !each.startsWith('*'));
  return (alias?.split('.')[0] ?? service).toLowerCase();
}

function find<Policy>(policies: ReadonlyMap<string, Policy>, id: string, kind: string): Policy {
  const policy = policies.get(id);
  if (policy === undefined)
    throw invalid(`there is no ${kind} ${id}, neither in a template nor among the managed ones that are known here.`);
  return policy;
}

function findIfAny<Policy>(policies: ReadonlyMap<string, Policy>, id: string | undefined, kind: string): Policy | undefined {
  return id === undefined ? undefined : find(policies, id, kind);
}

function complain(warn: (message: string) => void, where: string, names: readonly string[]): void {
  if (names.length > 0)
    warn(`${where === '' ? '' : `${where}: `}${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no effect here`);
}

/** What is read, and what makes no difference on one machine and over HTTP. */
const KNOWN = {
  config: [
    ...[
      'Aliases',
      'CacheBehaviors',
      'CustomErrorResponses',
      'DefaultCacheBehavior',
      'DefaultRootObject',
      'Enabled',
      'Origins',
      'Restrictions',
    ],
    ...['Comment', 'HttpVersion', 'IPV6Enabled', 'PriceClass', 'ViewerCertificate'],
  ],
  origin: [
    ...['CustomOriginConfig', 'DomainName', 'Id', 'OriginAccessControlId', 'OriginCustomHeaders', 'OriginPath', 'S3OriginConfig'],
    ...['ConnectionAttempts', 'ConnectionTimeout'],
  ],
  behaviour: [
    ...[
      'AllowedMethods',
      'CachePolicyId',
      'CachedMethods',
      'DefaultTTL',
      'ForwardedValues',
      'FunctionAssociations',
      'LambdaFunctionAssociations',
    ],
    ...['MaxTTL', 'MinTTL', 'OriginRequestPolicyId', 'PathPattern', 'ResponseHeadersPolicyId', 'TargetOriginId'],
    ...['Compress', 'ViewerProtocolPolicy'],
  ],
} as const;
