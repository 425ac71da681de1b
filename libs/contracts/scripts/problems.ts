import type { RouteContract } from '../src/define-api.ts';

/** RFC 9457 problem details, as the kit answers them. */
export const problem = {
  type: 'object',
  description: 'What went wrong: https://www.rfc-editor.org/rfc/rfc9457',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'One sentence for the caller.' },
    instance: { type: 'string', description: 'The id to look this answer up with in the logs.' },
    code: { type: 'string', description: 'Stable: what programs look at.' },
    errors: {
      type: 'array',
      description: 'The fields that are wrong.',
      items: {
        type: 'object',
        properties: {
          in: { enum: ['path', 'query', 'body', 'header'] },
          pointer: { type: 'string', description: 'A JSON Pointer: `/lines/0/quantity`' },
          message: { type: 'string' },
        },
        required: ['in', 'pointer', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
} as const;

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

interface Declared {
  readonly code: string;
  readonly status: number;
  readonly description: string;
  /** `about:blank` for what is the same in every service. */
  readonly type: string;
}

/** The answers of a route other than success, by status: those that its contract declares and those that the kit and the gateway give. */
export function problemResponses(service: string, route: RouteContract): Readonly<Record<number, object>> {
  const declared = Object.entries(route.errors ?? {}).map(([code, error]): Declared => ({
    code,
    type: `urn:larder:problem:${service}:${code}`,
    ...error,
  }));
  const byStatus = Map.groupBy([...declared, ...fromTheKit(route)], ({ status }) => status);
  return {
    ...Object.fromEntries([...byStatus].map(([status, problems]) => [status, response(problems)])),
    ...fromTheGateway(route),
  };
}

function response(problems: readonly Declared[]): object {
  return {
    description: problems.map(({ code, description }) => `\`${code}\`: ${description}`).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { code: { enum: problems.map(({ code }) => code) } },
        },
        examples: Object.fromEntries(
          problems.map(({ code, status, description, type }) => [
            code,
            {
              value: {
                type,
                title: titles[status] ?? 'Error',
                status,
                detail: description,
                instance: 'c2f1e0a4-9c1b-4f7e-8a53-3d0e7b6f1a92',
                code,
              },
            },
          ]),
        ),
      },
    },
  };
}

/** What `onRequest` of libs/service answers by itself. */
function fromTheKit({ params, query, body, idempotencyKey }: RouteContract): Declared[] {
  const problems: [applies: unknown, status: number, code: string, description: string][] = [
    [params ?? query ?? body ?? idempotencyKey, 400, 'INVALID_REQUEST', 'The request breaks its contract: see errors.'],
    [body, 400, 'INVALID_JSON', 'The body is no JSON.'],
    [body, 413, 'BODY_TOO_LARGE', 'The body is larger than this API takes.'],
    [body, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
    [
      idempotencyKey,
      409,
      'IDEMPOTENT_REQUEST_IN_PROGRESS',
      'A request with this Idempotency-Key is being answered: try again in a moment.',
    ],
    [idempotencyKey, 422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request: take a new one.'],
    [true, 500, 'INTERNAL', 'Something broke on our side: the instance is the id to ask about.'],
  ];
  return problems.flatMap(([applies, status, code, description]) => (applies ? [{ code, status, description, type: 'about:blank' }] : []));
}

/** API Gateway answers in its own words. */
function fromTheGateway({ auth }: RouteContract): Record<number, object> {
  const answer = (message: string) => ({
    content: {
      'application/json': {
        schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
        example: { message },
      },
    },
  });
  if (auth === 'jwt') return { 401: { description: 'The token is missing, expired or not ours.', ...answer('Unauthorized') } };
  if (auth === 'iam')
    return { 403: { description: 'The signature is missing or wrong, or the role may not call this.', ...answer('Forbidden') } };
  return {};
}
