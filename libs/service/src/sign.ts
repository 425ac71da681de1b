import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { credentials, lazily } from './aws/call.ts';
import { variable } from './environment.ts';

export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly time: Date;
}

const signer = /* @__PURE__ */ lazily(
  () =>
    new SignatureV4({
      service: 'execute-api',
      region: () => Promise.resolve(variable('AWS_REGION')),
      credentials,
      sha256: Sha256,
      // The hash as a header of its own is for S3 alone.
      applyChecksum: false,
    }),
);

/**
 * Signs a call of another service's API with the function's own credentials (AWS Signature Version 4).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @returns all headers to send.
 */
export async function sign({ method, url, headers, body, time }: Signable): Promise<Record<string, string>> {
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    body,
  };
  const signed = await signer().sign(request, { signingDate: time });
  return signed.headers;
}
