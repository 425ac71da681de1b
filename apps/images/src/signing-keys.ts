import { KitError } from '@larder/service/errors';
import { secret } from '@larder/service/secret';

/**
 * The secrets that addresses may be signed with, one or two of them: while one takes the other's place both are live. They stand in Secrets Manager as JSON, `{"current": "…", "previous": "…"}`.
 *
 * @throws {KitError} `ENVIRONMENT_INVALID` when there is none: nothing is served unsigned by mistake.
 */
export async function liveSecrets(signatures: 'off' | 'required'): Promise<readonly string[]> {
  if (signatures === 'off') return [];
  const { current, previous } = JSON.parse(await secret('images/signing-keys')) as Readonly<Record<string, unknown>>;
  const live = [current, previous].filter((key): key is string => typeof key === 'string' && key.length >= 16);
  if (live.length === 0)
    throw new KitError('ENVIRONMENT_INVALID', 'The secret images/signing-keys has no key "current" of 16 characters or more');
  return live;
}
