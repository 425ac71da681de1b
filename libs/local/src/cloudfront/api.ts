import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { RestReply, RestRequest, RestService } from '../kernel/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Cache } from './cache.ts';
import type { Sites } from './sites.ts';

const ROUTE = /^\/20\d\d-\d\d-\d\d\/distribution\/([A-Z0-9]+)\/invalidation(?:\/([A-Z0-9]+))?$/;
const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';
const MOST_PATHS = 3_000;
/** Invalidations that GetInvalidation still knows. */
const REMEMBERED = 100;

/**
 * CloudFront's API, as far as it changes what is served: invalidations. They are done when they are answered.
 *
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
 */
export function createApi(kernel: Kernel, sites: Sites, cache: Cache): RestService {
  const done = new Map<string, string>();

  const create = (distributionId: string, body: string): RestReply => {
    const paths = [...body.matchAll(/<Path>([^<]*)<\/Path>/g)].map(([, path = '']) => unescape(path));
    const reference = unescape(/<CallerReference>([^<]*)<\/CallerReference>/.exec(body)?.[1] ?? '');
    if (paths.length === 0 || reference === '')
      return failure(400, 'MissingBody', 'An invalidation has a CallerReference and at least one path.');
    if (paths.length > MOST_PATHS) return failure(400, 'BatchTooLarge', `An invalidation has at most ${MOST_PATHS} paths.`);
    const wrong = paths.find((path) => !path.startsWith('/') || path.slice(0, -1).includes('*'));
    if (wrong !== undefined)
      return failure(400, 'InvalidArgument', `${wrong} begins with no slash, or has an asterisk elsewhere than at its end.`);
    cache.invalidate(distributionId, paths);
    // The same reference for the same distribution is the same invalidation.
    const id = `I${createHash('sha256').update(`${distributionId}\n${reference}`).digest('hex').slice(0, 13).toUpperCase()}`;
    const items = paths.map((path) => `<Path>${escape(path)}</Path>`).join('');
    const batch = `<InvalidationBatch><Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths><CallerReference>${escape(reference)}</CallerReference></InvalidationBatch>`;
    const xml = `<Invalidation xmlns="${NAMESPACE}"><Id>${id}</Id><Status>Completed</Status><CreateTime>${new Date(kernel.now()).toISOString()}</CreateTime>${batch}</Invalidation>`;
    const [oldest] = done.keys();
    if (done.size >= REMEMBERED && oldest !== undefined) done.delete(oldest);
    done.set(`${distributionId}/${id}`, xml);
    return reply(201, xml, { location: `${kernel.endpointUrl}/2020-05-31/distribution/${distributionId}/invalidation/${id}` });
  };

  const read = ({ path, method }: RestRequest): { distributionId: string; id: string | undefined; action: string } => {
    const [, distributionId, id] = ROUTE.exec(path) ?? [];
    const isCreate = method === 'POST' && id === undefined;
    if (distributionId === undefined || !(isCreate || (method === 'GET' && id !== undefined)))
      throw new AwsError('UnknownOperationException', `${method} ${path} is not an operation of CloudFront that runs on the laptop.`, 404);
    return { distributionId, id, action: isCreate ? 'cloudfront:CreateInvalidation' : 'cloudfront:GetInvalidation' };
  };

  return {
    protocol: 'rest',
    signingName: 'cloudfront',
    permissions(request) {
      const { distributionId, action } = read(request);
      return [{ action, resource: `arn:${kernel.partition}:cloudfront::${kernel.accountId}:distribution/${distributionId}` }];
    },
    async handle(request) {
      const { distributionId, id } = read(request);
      if (!sites.byId(distributionId)) return failure(404, 'NoSuchDistribution', 'The specified distribution does not exist.');
      if (id === undefined) return create(distributionId, request.body.toString('utf8'));
      const known = done.get(`${distributionId}/${id}`);
      return known === undefined ? failure(404, 'NoSuchInvalidation', 'The specified invalidation does not exist.') : reply(200, known);
    },
  };
}

/** Errors of this API are XML. */
function failure(status: number, code: string, message: string): RestReply {
  return reply(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escape(message)}</Message></Error></ErrorResponse>`,
  );
}

function reply(status: number, xml: string, headers: Record<string, string> = {}): RestReply {
  return { status, headers: { 'content-type': 'text/xml', ...headers }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}` };
}

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" } as const;

function unescape(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity as keyof typeof ENTITIES]);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
