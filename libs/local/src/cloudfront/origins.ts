import type { Kernel } from '../kernel/kernel.ts';
import type { Origin, OriginTarget } from './model.ts';
import { count, invalid, part, parts, type Properties, text } from './properties.ts';

export interface OriginContext {
  readonly kernel: Kernel;
  readonly service: string;
  /** Whether there is an origin access control of this id, and it signs. */
  readonly signs: (accessControlId: string) => boolean;
}

/**
 * Reads an origin. What of AWS's names means something of this cloud is asked at the gateway.
 *
 * @throws {AwsError} `InvalidArgument`
 */
export function readOrigin(origin: Properties, { kernel, service, signs }: OriginContext): Origin {
  const domainName = text(origin, 'DomainName') ?? '';
  if (domainName === '') throw invalid('an origin has no DomainName.');
  const path = text(origin, 'OriginPath') ?? '';
  if (path !== '' && (!path.startsWith('/') || path.endsWith('/')))
    throw invalid(`OriginPath is ${path}: it begins with a slash and does not end with one.`);
  const custom = part(origin, 'CustomOriginConfig') ?? {};
  const accessControl = text(origin, 'OriginAccessControlId');
  return {
    id: text(origin, 'Id') ?? domainName,
    domainName,
    target: targetOf(domainName, origin, new URL(kernel.gatewayUrl).port, service),
    path,
    customHeaders: Object.fromEntries(
      parts(origin, 'OriginCustomHeaders').map((header) => [
        (text(header, 'HeaderName') ?? '').toLowerCase(),
        text(header, 'HeaderValue') ?? '',
      ]),
    ),
    timeoutMs: Math.min(180, Math.max(1, count(custom, 'OriginReadTimeout', 30))) * 1000,
    signs: () => accessControl !== undefined && signs(accessControl),
  };
}

function targetOf(domainName: string, origin: Properties, gatewayPort: string, service: string): OriginTarget {
  const [host = '', port = ''] = domainName.split(':');
  const api = /^([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com|localhost)$/.exec(host)?.[1];
  if (api !== undefined) return { kind: 'gateway', host: `${api}.execute-api.localhost`, prefix: '' };
  const bucket = /^(.+?)\.s3(?:[.-][a-z0-9-]+)?\.(?:amazonaws\.com|localhost)$/.exec(host)?.[1];
  if (bucket !== undefined) return { kind: 'bucket', bucket };
  // A function URL or another distribution has a name of its own there; `ApiEndpoint` without its scheme and path is the service's HTTP API.
  const isNamed = host.endsWith('.localhost');
  if (port === gatewayPort && (isNamed || host === 'localhost' || host === '127.0.0.1'))
    return { kind: 'gateway', host, prefix: isNamed ? '' : `/${service}` };

  const custom = part(origin, 'CustomOriginConfig');
  if (!custom) throw invalid(`the origin ${domainName} is no bucket, and has no CustomOriginConfig.`);
  const policy = text(custom, 'OriginProtocolPolicy');
  if (policy !== 'http-only' && policy !== 'https-only' && policy !== 'match-viewer')
    throw invalid(`OriginProtocolPolicy of ${domainName} is ${String(policy)}: http-only, https-only and match-viewer exist.`);
  // Viewers come over HTTP here.
  const secure = policy === 'https-only';
  const usual = secure ? count(custom, 'HTTPSPort', 443) : count(custom, 'HTTPPort', 80);
  return { kind: 'web', protocol: secure ? 'https:' : 'http:', host, port: port === '' ? usual : Number(port) };
}
