import type { Headers } from './fetch-origin.ts';
import type { ResponseCors, ResponseHeadersPolicy } from './model.ts';
import { headerOf, type ViewerRequest } from './viewer.ts';

/**
 * Removes headers from an answer and adds others.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export function applyResponsePolicy(headers: Headers, policy: ResponseHeadersPolicy, viewer: ViewerRequest): Headers {
  const result: Record<string, string | string[]> = { ...headers };
  for (const name of policy.removed) delete result[name];
  const origin = headerOf(viewer, 'origin');
  if (policy.cors && origin !== undefined) {
    const cors = corsHeaders(policy.cors, origin, viewer);
    const said = Object.keys(result).some((name) => name.startsWith('access-control-'));
    if (policy.cors.override) for (const name of Object.keys(result)) if (name.startsWith('access-control-')) delete result[name];
    // What the origin says of CORS is all of it, or nothing.
    if (policy.cors.override || !said) Object.assign(result, cors);
  }
  for (const { name, value, override } of policy.added) if (override || result[name] === undefined) result[name] = value;
  return result;
}

function corsHeaders(cors: ResponseCors, origin: string, viewer: ViewerRequest): Record<string, string> {
  const anyone = cors.origins.includes('*') && !cors.credentials;
  if (!anyone && !cors.origins.some((allowed) => matches(allowed, origin))) return {};
  const headers: Record<string, string> = { 'access-control-allow-origin': anyone ? '*' : origin };
  if (!anyone) headers['vary'] = 'Origin';
  if (cors.credentials) headers['access-control-allow-credentials'] = 'true';
  if (viewer.method === 'OPTIONS') {
    const methods = cors.methods.includes('ALL') ? ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] : cors.methods;
    if (methods.length > 0) headers['access-control-allow-methods'] = methods.join(', ');
    if (cors.headers.length > 0) headers['access-control-allow-headers'] = cors.headers.join(', ');
    if (cors.maxAge !== undefined) headers['access-control-max-age'] = String(cors.maxAge);
  }
  if (cors.exposed.length > 0) headers['access-control-expose-headers'] = cors.exposed.join(', ');
  return headers;
}

/** `https://*.example.com`, or a name without its scheme. */
function matches(allowed: string, origin: string): boolean {
  if (allowed === '*' || allowed === origin) return true;
  const [scheme, host] = allowed.includes('://') ? allowed.split('://') : [undefined, allowed];
  const [actualScheme, actualHost = ''] = origin.split('://');
  if (scheme !== undefined && scheme !== actualScheme) return false;
  return host === actualHost || (host?.startsWith('*.') === true && actualHost.endsWith(host.slice(1)));
}
