/** What a signature says about itself: `<access key>/<date>/<region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Reads the scope from the header of a signed request, or from the query of a presigned one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function credentialScope(authorization: string | undefined, url: string): CredentialScope | undefined {
  if (authorization !== undefined) {
    if (!authorization.startsWith('AWS4-')) return undefined;
    const start = authorization.indexOf('Credential=');
    if (start === -1) return undefined;
    const end = authorization.indexOf(',', start);
    return parse(authorization.slice(start + 11, end === -1 ? undefined : end).trim());
  }
  if (!url.includes('X-Amz-Credential=')) return undefined;
  const credential = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('X-Amz-Credential');
  return credential === null ? undefined : parse(credential);
}

function parse(credential: string): CredentialScope | undefined {
  const parts = credential.split('/');
  if (parts.length !== 5) return undefined;
  const [accessKeyId = '', date = '', region = '', service = ''] = parts;
  return { accessKeyId, date, region, service };
}
