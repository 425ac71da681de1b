import type { Kernel } from '../kernel/kernel.ts';
import type { Distribution } from './model.ts';

/** The distributions that answer, by id and by name. */
export interface Sites {
  byHost(host: string): Distribution | undefined;
  byId(id: string): Distribution | undefined;
  put(distribution: Distribution): void;
  remove(id: string): void;
}

export function createSites(kernel: Kernel): Sites {
  const byId = new Map<string, Distribution>();
  const named = (name: string): Distribution | undefined => [...byId.values()].find((distribution) => distribution.name === name);
  return {
    byHost: (host) => (host.endsWith('.localhost') ? named(host.slice(0, -'.localhost'.length)) : undefined),
    byId: (id) => byId.get(id),
    put(distribution) {
      const { id, name, service } = distribution;
      const first = named(name);
      if (first && first.id !== id) {
        const message = `two distributions have the name ${name}: ${first.id} of ${first.service} answers at http://${first.domainName}, and ${id} of ${service} does not. Give one of them an alias with another first label`;
        kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', service, message });
      }
      byId.set(id, distribution);
    },
    remove: (id) => void byId.delete(id),
  };
}
