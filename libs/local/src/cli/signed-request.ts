import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { ROOT_CREDENTIALS } from '../iam/credentials.ts';

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sends a request to an HTTP API, signed as API Gateway's IAM authorization asks. */
export async function sendSigned({ method, url, headers, body }: UnsignedRequest): Promise<Response> {
  const signer = new SignatureV4({ service: 'execute-api', region: 'us-east-1', credentials: ROOT_CREDENTIALS, sha256: Sha256 });
  const query: Record<string, string | string[]> = {};
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name);
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query,
    headers: { host: url.host, ...headers },
    body,
  });
  return fetch(url, { method, headers: signed.headers, body });
}
