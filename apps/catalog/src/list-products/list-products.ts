import { apiError } from '@larder/contracts';
import type { RouteInput, RouteOutput } from '@larder/contracts';
import { catalogApi } from '@larder/contracts/catalog/catalog-api';
import { answers, listFor, type Entry } from '../listing.ts';
import type { Product } from '../product.ts';

const route = catalogApi.routes.listProducts;

export interface ListProductsDeps {
  /** A product as it is shown: with its picture, or with that of its category. */
  pictured(product: Product): Promise<Product>;
  /** Entries of a list whose positions begin with a prefix, after a position, in order. */
  entries(list: string, options: { prefix: string; after: string | undefined; limit: number }): Promise<readonly Entry[]>;
}

/** How many entries one request may look at: a search for many words can pass over many. */
const MOST_LOOKED_AT = 1000;
/** How many it reads at once when the first ones did not fill the page. */
const STEP = 100;

/** Lists products, a page at a time. */
export const listProducts =
  (deps: ListProductsDeps) =>
  async ({ query }: Pick<RouteInput<typeof route>, 'query'>): Promise<RouteOutput<typeof route>> => {
    const place = listFor(query);
    if (!place) return { items: [] };
    const found: Entry[] = [];
    let after = query.cursor === undefined ? undefined : fromCursor(query.cursor, place);
    for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT;) {
      // One more than the page holds tells whether there is a next page.
      const wanted = lookedAt === 0 ? query.limit + 1 : STEP;
      const entries = await deps.entries(place.list, { prefix: place.prefix, after, limit: wanted });
      found.push(...entries.filter((entry) => answers(query, entry, place.prefix)));
      lookedAt += entries.length;
      after = entries.at(-1)?.position ?? after;
      if (entries.length < wanted || found.length > query.limit) return page(found, query.limit, place.list, deps);
    }
    return { items: await items(found, deps), ...(after === undefined ? {} : { cursor: toCursor(place.list, after) }) };
  };

async function page(found: readonly Entry[], limit: number, list: string, deps: ListProductsDeps): Promise<RouteOutput<typeof route>> {
  const last = found[limit - 1];
  return found.length > limit && last
    ? { items: await items(found.slice(0, limit), deps), cursor: toCursor(list, last.position) }
    : { items: await items(found, deps) };
}

function items(entries: readonly Entry[], { pictured }: ListProductsDeps): Promise<RouteOutput<typeof route>['items']> {
  return Promise.all(entries.flatMap((entry) => entry.product ?? []).map(pictured));
}

function toCursor(list: string, position: string): string {
  return Buffer.from(JSON.stringify([list, position])).toString('base64url');
}

function fromCursor(cursor: string, { list, prefix }: { list: string; prefix: string }): string {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(read) && read[0] === list && typeof read[1] === 'string' && read[1] !== '' && read[1].startsWith(prefix))
      return read[1];
  } catch {
    // Not ours, then.
  }
  throw apiError(route, 'INVALID_CURSOR');
}
