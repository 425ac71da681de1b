import { createHash, timingSafeEqual } from 'node:crypto';
import { apiError } from '@larder/contracts';
import { pspSandboxApi } from '@larder/contracts/psp-sandbox/psp-sandbox-api';
import { secret } from '@larder/service/secret';

/**
 * Lets the holder of the API key pass, and nobody else.
 *
 * @throws {ApiError} `INVALID_KEY`.
 */
export async function checkKey(headers: Readonly<Record<string, string | undefined>>): Promise<void> {
  const expected = digest(`Bearer ${await secret('psp-sandbox/api-key')}`);
  if (!timingSafeEqual(expected, digest(headers.authorization ?? ''))) throw apiError(pspSandboxApi.routes.createCharge, 'INVALID_KEY');
}

/** Of equal length whatever was sent, as the comparison in constant time asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
