import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import type { TokenIssuer } from '../cognito/cognito.ts';
import type { Authorizer } from './model.ts';

type JwtAuthorizer = Extract<Authorizer, { kind: 'jwt' }>;

/** Answers for a token that was checked are remembered so long at most, for so many tokens. */
const REMEMBERED_MS = 5 * 60_000;
const REMEMBERED = 2_000;

/**
 * Checks tokens as a JWT authorizer does: signature, `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat`.
 *
 * @returns the claims, or why the token was refused.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function createJwtCheck(issuer: TokenIssuer, now: () => number) {
  const remembered = new Map<string, { claims: JWTPayload; until: number }>();
  const foreign = new Map<string, Promise<JWTVerifyGetKey>>();
  const own = new WeakMap<object, JWTVerifyGetKey>();

  const keysOf = (issuerUrl: string): Promise<JWTVerifyGetKey> | JWTVerifyGetKey => {
    const local = issuer.keysOf(issuerUrl);
    if (!local) return remoteKeys(foreign, issuerUrl);
    const key = local.keys[0] ?? local;
    let keys = own.get(key);
    if (!keys) own.set(key, (keys = createLocalJWKSet({ keys: local.keys } as JSONWebKeySet)));
    return keys;
  };

  return async (declared: JwtAuthorizer, token: string): Promise<JWTPayload | { refused: string }> => {
    const authorizer = { ...declared, issuer: issuer.keysOf(declared.issuer)?.issuer ?? declared.issuer };
    const time = now();
    const name = [authorizer.id, authorizer.issuer, ...authorizer.audience, token].join(' ');
    const known = remembered.get(name);
    if (known && known.until > time) return timely(known.claims, time) ?? known.claims;
    let claims: JWTPayload;
    try {
      const refusal = addressed(decodeJwt(token), authorizer) ?? timely(decodeJwt(token), time);
      if (refusal) return refusal;
      const options = { algorithms: ['RS256', 'RS384', 'RS512'], issuer: authorizer.issuer, currentDate: new Date(time) };
      ({ payload: claims } = await jwtVerify(token, await keysOf(authorizer.issuer), options));
    } catch (error) {
      return { refused: error instanceof Error ? error.message : 'it is no token' };
    }
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(name, { claims, until: time + REMEMBERED_MS });
    return claims;
  };
}

/** All of a token's scopes: `scope` in one text, or `scp`. */
export function scopesOf(claims: JWTPayload): string[] {
  const scope = claims['scope'] ?? claims['scp'];
  if (typeof scope === 'string') return scope.split(' ').filter((word) => word !== '');
  return Array.isArray(scope) ? scope.map(String) : [];
}

/** Claims as events carry them: all of them texts. */
export function claimTexts(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function addressed(claims: JWTPayload, { issuer, audience }: JwtAuthorizer): { refused: string } | undefined {
  if (claims.iss !== issuer) return { refused: `its issuer is '${String(claims.iss)}', not '${issuer}'` };
  const audiences = claims.aud === undefined ? [claims['client_id']] : [claims.aud].flat();
  if (!audiences.some((one) => audience.includes(String(one)))) return { refused: `its audience is none of ${audience.join(', ')}` };
  return undefined;
}

function timely({ exp, nbf, iat }: JWTPayload, time: number): { refused: string } | undefined {
  const seconds = time / 1000;
  if (typeof exp !== 'number' || exp <= seconds) return { refused: 'it has expired' };
  if (typeof nbf === 'number' && nbf > seconds) return { refused: 'it is not good yet' };
  // Whole seconds: a token of this very second may be ahead by a fraction.
  if (typeof iat === 'number' && iat > seconds + 1) return { refused: 'it comes from the future' };
  return undefined;
}

/** Keys of an issuer elsewhere, found by its discovery document. A failure is not remembered. */
function remoteKeys(foreign: Map<string, Promise<JWTVerifyGetKey>>, issuerUrl: string): Promise<JWTVerifyGetKey> {
  let keys = foreign.get(issuerUrl);
  if (!keys) {
    keys = discover(issuerUrl);
    keys.catch(() => foreign.delete(issuerUrl));
    foreign.set(issuerUrl, keys);
  }
  return keys;
}

async function discover(issuerUrl: string): Promise<JWTVerifyGetKey> {
  const url = `${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri?: unknown };
  if (typeof uri !== 'string') throw new Error(`${url} names no jwks_uri`);
  return createRemoteJWKSet(new URL(uri), { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 2 * 3_600_000 });
}
