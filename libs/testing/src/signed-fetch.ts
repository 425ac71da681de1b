import { sendSigned } from '@larder/local/cli/signed-request';

/** `fetch`, signed for an API that asks for IAM authorization, as someone at the keyboard who may do everything. */
export function signedFetch(
  url: string,
  init: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return sendSigned({ method: init.method ?? 'GET', url: new URL(url), headers: init.headers ?? {}, body: init.body });
}
