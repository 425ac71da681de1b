/** What is kept for a while, by key. */
export interface Cache<Value> {
  get(key: string): Promise<Value>;
}

export interface CacheOptions<Value> {
  readonly load: (key: string) => Promise<Value>;
  /** Milliseconds after which a value is loaded anew. */
  readonly timeToLive: number;
  readonly now: () => number;
  /** Keys at most; the oldest goes. */
  readonly size?: number;
}

/**
 * Keeps values for a while. One load at a time per key, whoever asks meanwhile; when a renewal fails, the old value is answered and the next try comes after a tenth of the time.
 * A first load that fails is thrown, and not kept.
 */
export function createCache<Value>({ load, timeToLive, now, size = 100 }: CacheOptions<Value>): Cache<Value> {
  const values = new Map<string, { value: Value; until: number }>();
  const loading = new Map<string, Promise<Value>>();

  const renew = async (key: string): Promise<Value> => {
    try {
      const value = await load(key);
      values.delete(key);
      values.set(key, { value, until: now() + timeToLive });
      if (values.size > size) values.delete(values.keys().next().value ?? key);
      return value;
    } catch (error) {
      const stale = values.get(key);
      if (!stale) throw error;
      stale.until = now() + timeToLive / 10;
      return stale.value;
    } finally {
      loading.delete(key);
    }
  };

  return {
    async get(key) {
      const known = values.get(key);
      if (known && known.until > now()) return known.value;
      const underWay = loading.get(key) ?? renew(key);
      loading.set(key, underWay);
      return underWay;
    },
  };
}
