import { createHmac } from 'node:crypto';
import { canonicalQuery, createSigningKeys, encode, hash, parseStamp, same } from '../gateway/signature.ts';
import { ROOT_CREDENTIALS } from '../iam/credentials.ts';
import type { Iam } from '../iam/iam.ts';
import { AwsError } from '../kernel/aws-error.ts';
import { accessDenied } from './errors.ts';
import type { S3Request } from './request.ts';

/** What somebody else was given to use: a presigned address, or the fields of a form. */
export interface SignatureCheck {
  /**
   * Checks a presigned address.
   *
   * @returns the access key that signed it.
   * @throws {AwsError} `AccessDenied` when its time is over, `SignatureDoesNotMatch`, `AuthorizationQueryParametersError`.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
   */
  presigned(request: S3Request): string;
  /**
   * Checks the signature under the policy of a form.
   *
   * @returns the access key that signed it.
   */
  form(fields: ReadonlyMap<string, string>): string;
}

/** A week. */
const LONGEST_SECONDS = 604_800;
/** How much a signature may be ahead of the clock. */
const SKEW_MS = 15 * 60_000;
const ALGORITHM = 'AWS4-HMAC-SHA256';

export function createSignatureCheck(iam: Pick<Iam, 'secretOf'>, now: () => number): SignatureCheck {
  const keyOf = createSigningKeys();

  /** Signs a text as the owner of a credential would. */
  const sign = (
    credential: string,
    token: string | undefined,
    text: string,
  ): { readonly signature: string; readonly accessKeyId: string } => {
    const [accessKeyId = '', date = '', region = '', service = '', end = ''] = credential.split('/');
    if (service !== 's3' || end !== 'aws4_request')
      throw malformed('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request"');
    const secret = secretOf(iam, accessKeyId);
    if (secret.sessionToken !== undefined && !same(token ?? '', secret.sessionToken)) {
      throw new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.');
    }
    return {
      accessKeyId,
      signature: createHmac('sha256', keyOf(secret.secretAccessKey, date, region, service))
        .update(text)
        .digest('hex'),
    };
  };

  return {
    presigned(request) {
      const { query } = request;
      const stamp = query.get('X-Amz-Date') ?? '';
      const signedAt = parseStamp(stamp);
      const credential = query.get('X-Amz-Credential') ?? '';
      const expires = query.get('X-Amz-Expires') ?? '';
      const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
      if (query.get('X-Amz-Algorithm') !== ALGORITHM) throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
      if (signedAt === undefined || credential.split('/')[1] !== stamp.slice(0, 8))
        throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\", on the day of the credential");
      if (!/^\d{1,6}$/.test(expires) || Number(expires) > LONGEST_SECONDS)
        throw malformed('X-Amz-Expires must be between 0 and 604800 seconds');
      if (!names.includes('host')) throw malformed('X-Amz-SignedHeaders must include "host"');
      if (signedAt > now() + SKEW_MS) throw accessDenied('Request is not yet valid');
      const end = signedAt + Number(expires) * 1000;
      if (now() > end) {
        const facts = { 'X-Amz-Expires': expires, Expires: new Date(end).toISOString(), ServerTime: new Date(now()).toISOString() };
        throw new AwsError('AccessDenied', 'Request has expired', 403, facts);
      }
      const unsigned = Object.keys(request.headers).filter(
        (name) => name.startsWith('x-amz-') && !names.includes(name) && name !== 'x-amz-content-sha256',
      );
      if (unsigned.length > 0)
        throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', 403, {
          HeadersNotSigned: unsigned.join(', '),
        });

      const scope = credential.slice(credential.indexOf('/') + 1);
      const text = `${ALGORITHM}\n${stamp}\n${scope}\n${hash(canonicalRequest(request, names))}`;
      const { signature, accessKeyId } = sign(credential, query.get('X-Amz-Security-Token') ?? undefined, text);
      if (!same(signature, query.get('X-Amz-Signature') ?? '')) throw doesNotMatch(accessKeyId);
      return accessKeyId;
    },

    form(fields) {
      if (fields.get('x-amz-algorithm') !== ALGORITHM) throw accessDenied(`x-amz-algorithm only supports "${ALGORITHM}"`);
      const credential = fields.get('x-amz-credential') ?? '';
      const { signature, accessKeyId } = sign(credential, fields.get('x-amz-security-token'), fields.get('policy') ?? '');
      if (!same(signature, fields.get('x-amz-signature') ?? '')) throw doesNotMatch(accessKeyId);
      return accessKeyId;
    },
  };
}

/** In S3 the path is encoded once, and nothing in it is taken for a step up or down. */
function canonicalRequest({ method, path, search, query, headers }: S3Request, names: readonly string[]): string {
  const unsigned = search.split('&').filter((pair) => !pair.startsWith('X-Amz-Signature='));
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}\n`).join('');
  const uri = path
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
  const content =
    query.get('X-Amz-Content-Sha256') ?? (names.includes('x-amz-content-sha256') ? headers['x-amz-content-sha256'] : undefined);
  return [method, uri, canonicalQuery(unsigned.join('&')), lines, names.join(';'), content ?? 'UNSIGNED-PAYLOAD'].join('\n');
}

/** A signature that is handed on proves something: the key has to be one whose secret is known. */
function secretOf(iam: Pick<Iam, 'secretOf'>, accessKeyId: string): { readonly secretAccessKey: string; readonly sessionToken?: string } {
  const secret = iam.secretOf(accessKeyId) ?? (accessKeyId === ROOT_CREDENTIALS.accessKeyId ? ROOT_CREDENTIALS : undefined);
  if (secret) return secret;
  const { accessKeyId: id, secretAccessKey } = ROOT_CREDENTIALS;
  const message = `The AWS Access Key Id you provided does not exist in our records. On a laptop sign what you hand on as a running function, or with the access key '${id}' and the secret '${secretAccessKey}'.`;
  throw new AwsError('InvalidAccessKeyId', message, 403, { AWSAccessKeyId: accessKeyId });
}

function malformed(why: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', `Error parsing the signature in the query: ${why}`);
}

function doesNotMatch(AWSAccessKeyId: string): AwsError {
  const message = 'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return new AwsError('SignatureDoesNotMatch', message, 403, { AWSAccessKeyId });
}
