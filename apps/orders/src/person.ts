import type { RequestCaller } from '@larder/service/on-request';

/**
 * The signed-in person behind a request.
 *
 * @throws {TypeError} when the gateway let somebody else through: the contract's `auth` is wrong, then.
 */
export function personOf(caller: RequestCaller): { id: string; email?: string | undefined } {
  if (caller.kind !== 'person') throw new TypeError(`a person was expected, and it is ${caller.kind}`);
  return caller;
}
