import { lookup as resolveName } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is one of the Internet: neither this machine nor its network, nor what a cloud tells its machines about themselves. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address may be written as one of IPv6.
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Looks a name up for one connection, and finds only what is public. The connection is made to what was checked: a name that says something else the next time gains nothing.
 *
 * @param resolve how names are looked up: all addresses of one.
 */
export function publicLookup(resolve: typeof resolveName = resolveName): LookupFunction {
  return (hostname, options, onFound) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return onFound(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublic(address)))
        return onFound(Object.assign(new Error('The name is not one of the public Internet'), { code: 'ENOTPUBLIC' }), []);
      return options.all ? onFound(null, addresses) : onFound(null, first.address, first.family);
    });
  };
}
