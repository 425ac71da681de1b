import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { askSite } from './ask-site.ts';
import { openBrowser } from './browser.ts';
import { startLarder, type RunningLarder } from './larder.ts';
import { eventually } from './eventually.ts';
import { invoke, runSchedule } from './invoke.ts';
import { chargesOf, shopper, stockOf, type Shopper, tokenOf } from './shopper.ts';
import { cancelLateOrders, stocked } from './faults/weather.ts';

interface Shown {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

let larder: RunningLarder;
let ada: Shopper;

beforeAll(async () => {
  larder = await startLarder();
  await stocked(larder, ['braeburn-apple', 'sourdough-loaf', 'hummus', 'matches', 'pretzel', 'pale-ale']);
  ada = await shopper(larder, 'ada@example.com');
}, 120_000);

afterAll(() => larder.stop(), 30_000);

describe('the catalogue', () => {
  it('lists 150 products or more in pages, to anybody', async () => {
    // The lists follow the products.
    const ids = await eventually('the projection', async () => {
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const url = `${larder.gateway}/catalog/products?limit=50${cursor ? `&cursor=${cursor}` : ''}`;
        const page = (await (await fetch(url)).json()) as { items: { productId: string; price: { amount: number } }[]; cursor?: string };
        for (const { productId, price } of page.items) {
          expect(Number.isInteger(price.amount)).toBe(true);
          expect(seen.has(productId)).toBe(false);
          seen.add(productId);
        }
        cursor = page.cursor;
      } while (cursor);
      return seen.size >= 150 ? seen : undefined;
    });
    expect(ids.size).toBeGreaterThanOrEqual(150);
  });

  it('finds products by category and by the beginning of a word', async () => {
    const find = async (query: string) =>
      ((await (await fetch(`${larder.gateway}/catalog/products?${query}`)).json()) as { items: { productId: string }[] }).items.map(
        (item) => item.productId,
      );
    await eventually('the projection', async () => (await find('q=braeb')).includes('braeburn-apple') || undefined);
    expect(await find('category=bakery&q=sour')).toEqual(['sourdough-loaf']);
    expect(await find('category=unicorns')).toEqual([]);
  });

  it('shows each product by a picture, in the best format that the visitor takes and in the size that it says', async () => {
    const items = await eventually('the pictures', async () => {
      const page = (await (await fetch(`${larder.gateway}/catalog/products?limit=100`)).json()) as { items: { image?: Shown }[] };
      return page.items.every(({ image }) => image) ? page.items : undefined;
    });
    const { url, width, height } = items[0]?.image as Shown;
    const [address, port] = [new URL(url), new URL(larder.gateway).port];
    expect([address.hostname, address.port, width, height]).toEqual(['images.localhost', port, 600, 450]);
    const types: string[] = [];
    for (const accept of ['image/avif,image/webp,*/*', 'image/webp,*/*', '*/*']) {
      const { status, headers } = await askSite(larder, 'images', address.pathname, { accept });
      types.push(`${status} ${String(headers['content-type'])}`);
    }
    expect(types).toEqual(['200 image/avif', '200 image/webp', '200 image/png']);
  });

  it('answers a wrong question with what is wrong about it', async () => {
    const response = await fetch(`${larder.gateway}/catalog/products?limit=1000`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(await response.json())).toContain('limit');
  });

  it('gives its internal prices to nobody without a signature', async () => {
    expect((await fetch(`${larder.gateway}/catalog/prices?productIds=hummus`)).status).toBe(403);
  });
});

describe('an order', () => {
  it('is confirmed, charged once, and sold', async () => {
    const before = await stockOf(larder, 'braeburn-apple');
    const { status, body } = await ada.order([{ productId: 'braeburn-apple', quantity: 6 }], 'tok_ok');
    expect({ status, state: body.status }).toEqual({ status: 202, state: 'PLACED' });
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'CONFIRMED', total: { amount: 294, currency: 'EUR' } });
    await expect(chargesOf(larder, body.orderId)).resolves.toEqual([expect.objectContaining({ status: 'CAPTURED' })]);
    await eventually('the sale', async () => {
      const { available, reserved, sold } = await stockOf(larder, 'braeburn-apple');
      return (available === before.available - 6 && reserved === 0 && sold === before.sold + 6) || undefined;
    });
  });

  it('is cancelled when the payment is declined, and its stock is released', async () => {
    const before = await stockOf(larder, 'sourdough-loaf');
    const { body } = await ada.order([{ productId: 'sourdough-loaf', quantity: 2 }], 'tok_declined');
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'CANCELLED' });
    await eventually('the release', async () => {
      const now = await stockOf(larder, 'sourdough-loaf');
      return (now.available === before.available && now.reserved === 0) || undefined;
    });
  });

  it('is rejected as a whole when one line is more than there is', async () => {
    const before = await stockOf(larder, 'hummus');
    const { body } = await ada.order(
      [
        { productId: 'hummus', quantity: 1 },
        { productId: 'matches', quantity: 1000 },
      ],
      'tok_ok',
    );
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'REJECTED' });
    await expect(stockOf(larder, 'hummus')).resolves.toEqual(before);
    await expect(chargesOf(larder, body.orderId)).resolves.toEqual([]);
  });

  it('is confirmed with exactly one charge when the reply of the provider is lost', async () => {
    const { body } = await ada.order([{ productId: 'pretzel', quantity: 1 }], 'tok_lost_reply');
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'CONFIRMED' });
    await expect(chargesOf(larder, body.orderId)).resolves.toEqual([expect.objectContaining({ status: 'CAPTURED' })]);
  });

  it('is cancelled without a charge when the provider fails', async () => {
    const { body } = await ada.order([{ productId: 'pretzel', quantity: 1 }], 'tok_error');
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'CANCELLED' });
    expect((await chargesOf(larder, body.orderId)).filter((charge) => charge.status === 'CAPTURED')).toEqual([]);
  });

  it('is cancelled when 15 minutes have passed, and a capture that comes later is refunded', async () => {
    const { body } = await ada.order([{ productId: 'pale-ale', quantity: 1 }], 'tok_slow');
    await eventually('the reservation', async () => (await ada.find(body.orderId)).body.status === 'RESERVED' || undefined);
    await cancelLateOrders(larder, 16 * 60_000);
    await expect(ada.end(body.orderId)).resolves.toMatchObject({ status: 'CANCELLED' });
    await eventually('the end of the charge', async () => {
      const [charge] = await chargesOf(larder, body.orderId);
      return charge?.status === 'REFUNDED' || charge?.status === 'VOIDED' || undefined;
    });
  });

  it('is one order however often the same request comes, and 422 when it comes with another body', async () => {
    const lines = [{ productId: 'braeburn-apple', quantity: 1 }];
    const answers = await Promise.all(Array.from({ length: 5 }, () => ada.order(lines, 'tok_ok', 'the-same-key')));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
    expect((await ada.order([{ productId: 'braeburn-apple', quantity: 2 }], 'tok_ok', 'the-same-key')).status).toBe(422);
  });

  it('is nobody else’s', async () => {
    const { body } = await ada.order([{ productId: 'braeburn-apple', quantity: 1 }], 'tok_ok');
    const bob = await shopper(larder, 'bob@example.com');
    expect((await bob.find(body.orderId)).status).toBe(404);
    expect((await bob.list()).body.items).toEqual([]);
  });

  it('stands first in the list of one’s orders', async () => {
    const eve = await shopper(larder, 'eve@example.com');
    const first = (await eve.order([{ productId: 'hummus', quantity: 1 }], 'tok_ok')).body.orderId;
    const second = (await eve.order([{ productId: 'hummus', quantity: 2 }], 'tok_ok')).body.orderId;
    await eventually('both orders', async () => (await eve.list()).body.items.length === 2 || undefined);
    expect((await eve.list()).body.items.map((order) => order.orderId)).toEqual([second, first]);
  });

  it('is told to its shopper, once', async () => {
    const zoe = await shopper(larder, 'zoe@example.com');
    const { orderId } = (await zoe.order([{ productId: 'hummus', quantity: 1 }], 'tok_ok')).body;
    const mails = await eventually('a mail', async () => {
      const { messages } = (await (await fetch(`${larder.endpoint}/_aws/ses?email=zoe@example.com`)).json()) as { messages: object[] };
      return messages.length > 0 ? messages : undefined;
    });
    expect(mails).toHaveLength(1);
    expect(JSON.stringify(mails)).toContain(orderId);
  });

  it.each([
    ['no key', { 'idempotency-key': '' }, { lines: [{ productId: 'hummus', quantity: 1 }], paymentToken: 'tok_ok' }, 400],
    ['no lines', {}, { lines: [], paymentToken: 'tok_ok' }, 400],
    ['a quantity of nothing', {}, { lines: [{ productId: 'hummus', quantity: 0 }], paymentToken: 'tok_ok' }, 400],
    ['an unknown product', {}, { lines: [{ productId: 'unicorn', quantity: 1 }], paymentToken: 'tok_ok' }, 422],
    ['a forged token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmUifQ.' }, { lines: [], paymentToken: 'tok_ok' }, 401],
  ])('is refused with %s', async (_what, headers, body, status) => {
    const { token } = (await (
      await fetch(`${larder.endpoint}/_local/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.com' }),
      })
    ).json()) as { token: string };
    const all: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      ...headers,
    };
    if (all['idempotency-key'] === '') delete all['idempotency-key'];
    const response = await fetch(`${larder.gateway}/orders`, { method: 'POST', headers: all, body: JSON.stringify(body) });
    expect(response.status).toBe(status);
  });
});

describe('what visitors do', () => {
  interface Live {
    readonly events: number;
    readonly duplicates: number;
    readonly visitors: number;
    readonly funnel: { readonly viewed: number; readonly confirmed: number };
    readonly revenue: readonly { readonly amount: number }[];
  }
  const lake = async (path: string, body?: object, email = 'ada@example.com', method = body ? 'POST' : 'GET') => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const headers = { authorization: `Bearer ${await tokenOf(larder, email)}`, 'content-type': 'application/json' };
    return (await fetch(`${larder.gateway}/lake${path}`, { headers, ...init })).json();
  };
  const refine = () => runSchedule(larder, 'lake-local-refine', new Date());
  const ask = async (sql: string) => {
    const { queryId } = (await lake('/queries', { sql })) as { queryId: string };
    return eventually(`the answer to ${sql}`, async () => {
      const answer = (await lake(`/queries/${queryId}`)) as { status: string; rows?: unknown[][]; bytesScanned?: number; error?: string };
      return ['SUCCEEDED', 'FAILED'].includes(answer.status) ? answer : undefined;
    });
  };
  /** Different events that visitors have sent here so far. */
  let told = 0;
  const live = async () => (await (await fetch(`${larder.gateway}/clickstream/live`)).json()) as Live;

  it('is counted as it happens: every event once, and nothing that is none', async () => {
    const before = await live();
    const main = resolve(import.meta.dirname, 'traffic/main.ts');
    const options = ['--rate', '300', '--seconds', '3', '--seed', '7', '--json', '--url', larder.gateway];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...options]);
    const sent = JSON.parse(stdout) as { unique: number; duplicates: number; late: number; malformed: number; accepted: number };
    told += sent.unique;
    expect([sent.accepted, sent.malformed > 0]).toEqual([sent.unique + sent.duplicates, true]);
    // What came twice is counted once, and said; late ones may belong to minutes that are not shown any more.
    const after = await eventually('all of them to be counted', async () => {
      const now = await live();
      const counted = now.events - before.events;
      const twice = now.duplicates - before.duplicates;
      return counted >= sent.unique - sent.late && twice >= sent.duplicates ? now : undefined;
    });
    expect(after.events - before.events).toBeLessThanOrEqual(sent.unique);
    expect(after.duplicates - before.duplicates).toBe(sent.duplicates);
    expect([after.visitors > 0, after.funnel.viewed > 0]).toEqual([true, true]);
  });

  it('is kept, and answered with SQL: the same events, each once, beside what services told each other', async () => {
    const { body: placed } = await ada.order([{ productId: 'hummus', quantity: 1 }], 'tok_ok');
    await ada.end(placed.orderId);
    const main = resolve(import.meta.dirname, 'traffic/main.ts');
    const options = ['--rate', '300', '--seconds', '3', '--seed', '11', '--json', '--url', larder.gateway];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...options]);
    const sent = JSON.parse(stdout) as { unique: number; duplicates: number; malformed: number };
    expect([sent.duplicates > 0, sent.malformed > 0]).toEqual([true, true]);
    told += sent.unique;
    await eventually('all of them to be kept', async () => {
      await refine();
      const { rows } = await ask(
        `SELECT count(*), count(DISTINCT event_id) FROM page_events WHERE type NOT LIKE 'order.%' AND type <> 'payment.declined'`,
      );
      return JSON.stringify(rows) === JSON.stringify([[told, told]]) || undefined;
    });
    const today = new Date().toISOString().slice(0, 10);
    const { objects } = (await invoke(larder, 'lake-local-backfill', { dataset: 'page_events', from: today, to: today })) as {
      objects: number;
    };
    expect(objects).toBeGreaterThan(0);
    const { rows, bytesScanned } = await eventually('the order to be kept', async () => {
      await refine();
      const answer = await ask(`SELECT status, amount > 0 FROM orders WHERE order_id = '${placed.orderId}'`);
      return answer.rows?.[0]?.[0] === 'CONFIRMED' ? answer : undefined;
    });
    expect([rows, (bytesScanned ?? 0) > 0]).toEqual([[['CONFIRMED', true]], true]);
    expect((await ask(`SELECT count(*) FROM page_events WHERE type NOT LIKE 'order.%' AND type <> 'payment.declined'`)).rows).toEqual([
      [told],
    ]);
    const sources = await ask(`SELECT DISTINCT source FROM bus_events`);
    expect(sources.rows?.flat()).toEqual(expect.arrayContaining(['larder.orders', 'larder.inventory', 'larder.payments']));
    expect(await ask(`SELECT * FROM read_text('/etc/hostname')`)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('tables'),
    });
    const history = (await lake('/queries?limit=1')) as { items: { queryId: string; sql: string; status: string }[] };
    expect(history.items).toMatchObject([{ status: 'FAILED', sql: expect.stringContaining('/etc/hostname') }]);
    const all = (await lake('/queries', { sql: 'SELECT i, sum(i) OVER (ORDER BY i) AS s FROM range(12000) t(i) ORDER BY i' })) as {
      queryId: string;
    };
    const pages = await eventually('both pages', async () => {
      const first = (await lake(`/queries/${all.queryId}`)) as { rows?: unknown[][]; cursor?: string };
      return first.rows && [first.rows, ((await lake(`/queries/${all.queryId}?cursor=${first.cursor}`)) as typeof first).rows ?? []];
    });
    expect(pages.map((rows) => rows.length)).toEqual([10_000, 2_000]);
    const { url } = (await lake(`/queries/${all.queryId}/result?format=csv`)) as { url: string };
    const csv = (await (await fetch(url)).text()).trimEnd().split('\n');
    expect([csv.length, csv[0], csv.at(-1)]).toEqual([12_001, 'i,s', '11999,71994000']);
    expect(await lake(`/queries/${all.queryId}/result?format=arrow`, undefined, 'bob@example.com')).toMatchObject({ status: 404 });
    const { queryId } = (await lake('/queries', { sql: 'SELECT count(*) FROM range(100000000) a, range(100000000) b' })) as {
      queryId: string;
    };
    expect(await lake(`/queries/${queryId}`, undefined, 'bob@example.com')).toMatchObject({ status: 404 });
    expect(await lake(`/queries/${queryId}`, undefined, 'ada@example.com', 'DELETE')).toEqual({ status: 'CANCELLED' });
    expect(await lake(`/queries/${queryId}`)).toEqual({ status: 'CANCELLED' });
    const datasets = (await lake('/datasets')) as { items: { name: string; rows?: number }[] };
    expect(datasets.items.map(({ name }) => name)).toEqual(['page_events', 'bus_events', 'quality_results', 'orders']);
    expect(datasets.items[0]?.rows).toBeGreaterThanOrEqual(told);
  });

  it('has what became of orders in it', async () => {
    const before = await live();
    const { body } = await ada.order([{ productId: 'matches', quantity: 2 }], 'tok_ok');
    await ada.end(body.orderId);
    await eventually('the order', async () => (await live()).funnel.confirmed > before.funnel.confirmed || undefined);
    expect((await live()).revenue[0]?.amount).toBeGreaterThan(0);
  });

  it('moves on a page for people, which needs nothing from elsewhere', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const others: string[] = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && origin !== larder.gateway) others.push(request.url());
      });
      await page.goto(`${larder.gateway}/clickstream/live-page`);
      await page.getByText('Live', { exact: true }).and(page.getByRole('status')).waitFor();
      const events = async () => Number((await page.locator('#events').innerText()).replaceAll(',', ''));
      const before = await events();

      // A page of the shop that is left at once: its beacon arrives.
      const entryPoints = [resolve(import.meta.dirname, '../../clickstream-client/src/tracker.ts')];
      const { outputFiles } = await build({
        entryPoints,
        bundle: true,
        write: false,
        format: 'iife',
        globalName: 'larder',
        target: 'es2022',
      });
      const shop = await browser.newPage();
      await shop.goto(`${larder.gateway}/clickstream/live-page`);
      await shop.evaluate(`${outputFiles[0]?.text}
        const { track } = larder.createTracker({ endpoint: '/clickstream/events' });
        for (let times = 0; times < 150; times += 1) track('product.viewed', { productId: 'shown-in-a-browser' });`);
      await shop.close({ runBeforeUnload: true });
      await page.bringToFront();

      const products = page.getByRole('region', { name: 'Most viewed' });
      await products.getByText('shown-in-a-browser').waitFor({ timeout: 20_000 });
      await eventually('the number to move', async () => (await events()) > before || undefined);
      expect(await products.getByRole('listitem').filter({ hasText: 'shown-in-a-browser' }).innerText()).toMatch(
        /^shown-in-a-browser\s+150$/,
      );
      expect(await page.locator('[data-line=events]').getAttribute('d')).toMatch(/^M.*L/);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect([complaints, others]).toEqual([[], []]);
    } finally {
      await browser.close();
    }
  });
});
