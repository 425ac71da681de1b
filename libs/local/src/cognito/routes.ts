import type { PlainReply, PlainRequest, PlainRoute } from '../endpoint/plain-routes.ts';
import { AwsError } from '../kernel/aws-error.ts';
import type { TokenIssuer } from './cognito.ts';
import type { Pools } from './pools.ts';

/** What is not an API call: the public keys of a pool, and a token for whoever has nothing but curl. */
export function cognitoRoutes(pools: Pools, publicJwk: Readonly<Record<string, unknown>>, issuer: TokenIssuer): PlainRoute[] {
  const ofPool = (request: PlainRequest, answer: (poolId: string) => object): PlainReply => {
    const pool = pools.get(request.params['poolId'] ?? '');
    return pool ? json(answer(pool.id)) : json({ message: 'There is no such user pool.' }, 404);
  };
  return [
    {
      method: 'GET',
      path: '/{poolId}/.well-known/jwks.json',
      handle: (request) => ofPool(request, () => ({ keys: [publicJwk] })),
    },
    {
      method: 'GET',
      path: '/{poolId}/.well-known/openid-configuration',
      handle: (request) =>
        ofPool(request, (poolId) => {
          const url = pools.issuerOf(poolId);
          return {
            issuer: url,
            jwks_uri: `${url}/.well-known/jwks.json`,
            id_token_signing_alg_values_supported: ['RS256'],
            response_types_supported: ['code', 'token'],
            scopes_supported: ['openid', 'email', 'phone', 'profile'],
            subject_types_supported: ['public'],
          };
        }),
    },
    {
      method: 'POST',
      path: '/_local/token',
      async handle(request) {
        const { token, expiresIn } = await issuer.mint(emailOf(request));
        return json({ token, expiresIn });
      },
    },
  ];
}

/** From `?email=`, from a JSON body `{"email": …}`, or from a form. */
function emailOf({ query, body }: PlainRequest): string {
  const asked = query.get('email');
  if (asked !== null) return asked;
  const text = body.toString('utf8');
  try {
    const { email } = JSON.parse(text) as { email?: unknown };
    if (typeof email === 'string') return email;
  } catch {
    const form = new URLSearchParams(text).get('email');
    if (form !== null) return form;
  }
  throw new AwsError('InvalidParameterException', 'Say whose token: POST /_local/token with {"email": "ada@example.com"}.');
}

function json(body: object, status = 200): PlainReply {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(body) };
}
