import { AwsError } from '../kernel/aws-error.ts';
import { generatedId, generatedName } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { CreatedResource, ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import { compileEdgeFunction, type EdgeFunction } from './edge-function.ts';
import { isGenerated } from './forward.ts';
import { MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES, MANAGED_RESPONSE_HEADERS_POLICIES } from './managed-policies.ts';
import { readCachePolicy, readOriginRequestPolicy, readResponseHeadersPolicy } from './policies.ts';
import { flag, invalid, part, type Properties, text, unread } from './properties.ts';
import { readDistribution } from './read-distribution.ts';
import type { Sites } from './sites.ts';

const HEX = '0123456789abcdef';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** CloudFront's resources. They live in memory: each start makes them again, with the same ids. */
export function cloudFrontResourceTypes(
  kernel: Kernel,
  { sites, functions, hasObjects }: { sites: Sites; functions: Map<string, EdgeFunction>; hasObjects: boolean },
): ResourceType[] {
  const cachePolicies = new Map(MANAGED_CACHE_POLICIES);
  const originRequestPolicies = new Map(MANAGED_ORIGIN_REQUEST_POLICIES);
  const responseHeadersPolicies = new Map(MANAGED_RESPONSE_HEADERS_POLICIES);
  const signing = new Set<string>();

  const warner =
    ({ service, logicalId }: ResourceRequest) =>
    (message: string): void =>
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', service, message: `${logicalId}: ${message}.` });

  /** A policy: a part of the properties, read and kept under an id. */
  const policy = <Policy extends object>(
    name: string,
    policies: Map<string, Policy>,
    read: (config: Properties) => Policy,
    known: readonly string[],
  ): ResourceType => ({
    type: `AWS::CloudFront::${name}`,
    async apply(request) {
      const config = part(request.properties, `${name}Config`) ?? {};
      const warn = warner(request);
      const nothing = unread(config, ['Name', 'Comment', ...known]);
      if (nothing.length > 0) warn(`${nothing.join(', ')} has no effect here`);
      const unknown = [...JSON.stringify(config).matchAll(/"(CloudFront-[\w-]+)"/gi)]
        .map(([, header = '']) => header)
        .filter((header) => !isGenerated(header.toLowerCase()));
      if (unknown.length > 0) warn(`${unknown.join(', ')}: nobody knows that here`);
      const id = uuid(request);
      // Distributions hold it: a change has to reach them.
      const policy = read(config);
      const held = policies.get(id);
      if (held) Object.assign(held, policy);
      else policies.set(id, policy);
      return { physicalId: id, attributes: { Id: id, LastModifiedTime: new Date(kernel.now()).toISOString() } };
    },
    async remove(physicalId) {
      policies.delete(physicalId);
    },
  });

  return [
    policy('CachePolicy', cachePolicies, readCachePolicy, ['DefaultTTL', 'MaxTTL', 'MinTTL', 'ParametersInCacheKeyAndForwardedToOrigin']),
    policy('OriginRequestPolicy', originRequestPolicies, readOriginRequestPolicy, ['CookiesConfig', 'HeadersConfig', 'QueryStringsConfig']),
    policy('ResponseHeadersPolicy', responseHeadersPolicies, readResponseHeadersPolicy, [
      ...['CorsConfig', 'CustomHeadersConfig', 'RemoveHeadersConfig', 'SecurityHeadersConfig'],
    ]),
    {
      type: 'AWS::CloudFront::OriginAccessControl',
      async apply(request) {
        const config = part(request.properties, 'OriginAccessControlConfig') ?? {};
        const id = `E${generatedId(request, 13, UPPER)}`;
        const kind = text(config, 'OriginAccessControlOriginType');
        if (kind !== 's3' && kind !== 'lambda') warner(request)(`an origin access control for ${String(kind)} has no effect here`);
        // `no-override` signs what the viewer has not signed itself.
        if (text(config, 'SigningBehavior') === 'never') signing.delete(id);
        else signing.add(id);
        return { physicalId: id, attributes: { Id: id } };
      },
      async remove(physicalId) {
        signing.delete(physicalId);
      },
    },
    functionType(kernel, functions, warner),
    {
      type: 'AWS::CloudFront::Distribution',
      async apply(request) {
        const referred = { cachePolicies, originRequestPolicies, responseHeadersPolicies, signing };
        const warn = warner(request);
        const distribution = within(request, () => readDistribution(request, kernel, referred, warn));
        const buckets = [...distribution.origins.values()].filter(({ target }) => target.kind === 'bucket');
        if (!hasObjects && buckets.length > 0)
          warn(`${buckets.map(({ domainName }) => domainName).join(', ')} is a bucket, and S3 does not run here: it answers 502`);
        sites.put(distribution);
        const { id, domainName } = distribution;
        if (sites.byHost(`${distribution.name}.localhost`) === distribution)
          kernel.tell({
            kind: 'notice',
            at: kernel.now(),
            level: 'info',
            service: request.service,
            message: `${request.logicalId} answers at http://${domainName}`,
          });
        return { physicalId: id, attributes: { Id: id, DomainName: domainName } };
      },
      async remove(physicalId) {
        sites.remove(physicalId);
      },
    },
  ];
}

function functionType(
  kernel: Kernel,
  functions: Map<string, EdgeFunction>,
  warner: (request: ResourceRequest) => (message: string) => void,
): ResourceType {
  return {
    type: 'AWS::CloudFront::Function',
    async apply(request): Promise<CreatedResource> {
      const { properties } = request;
      const name = text(properties, 'Name') ?? generatedName(request, 64);
      const config = part(properties, 'FunctionConfig') ?? {};
      if ('KeyValueStoreAssociations' in config) warner(request)('KeyValueStoreAssociations has no effect here');
      const arn = `arn:${kernel.partition}:cloudfront::${kernel.accountId}:function/${name}`;
      const code = text(properties, 'FunctionCode') ?? '';
      functions.set(
        arn,
        within(request, () => compileEdgeFunction({ arn, name, code })),
      );
      if (properties['AutoPublish'] !== undefined && !flag(properties, 'AutoPublish'))
        warner(request)('AutoPublish is false: on AWS, what is not published does not run; here it does');
      return { physicalId: arn, attributes: { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' } };
    },
    async remove(physicalId) {
      functions.delete(physicalId);
    },
  };
}

/** Says of a refusal which resource it is about. */
function within<Result>({ logicalId }: ResourceRequest, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof AwsError ? invalid(`${logicalId}: ${error.message}`) : error;
  }
}

/** Ids of policies look like those of AWS. */
function uuid(request: ResourceRequest): string {
  const id = generatedId(request, 32, HEX);
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}
