import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { packFrame } from '@larder/streaming/frame';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { openBrowser } from './browser.ts';
import { eventually } from './eventually.ts';
import { invoke, runSchedule } from './invoke.ts';
import { type RunningLarder, startLarder } from './larder.ts';
import { tokenOf } from './shopper.ts';
import { clientConfig, scan } from './stores.ts';

let larder: RunningLarder;
let kinesis: KinesisClient;
let StreamName: string;
let sns: SNSClient;
let sqs: SQSClient;

beforeAll(async () => {
  larder = await startLarder({
    folder: join(import.meta.dirname, 'visits/shop'),
    faults: join(import.meta.dirname, 'visits/killed-consumers.ts'),
  });
  [sns, sqs] = [new SNSClient(clientConfig(larder.endpoint)), new SQSClient(clientConfig(larder.endpoint))];
  kinesis = new KinesisClient({ ...clientConfig(larder.endpoint), requestHandler: new NodeHttpHandler() });
  StreamName = (await kinesis.send(new ListStreamsCommand({}))).StreamNames?.[0] ?? '';
}, 120_000);

afterAll(async () => {
  for (const client of [kinesis, sns, sqs]) client?.destroy();
  await larder?.stop();
}, 30_000);

/** Shards that take records now. */
async function openShards(): Promise<Shard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
}

async function active(): Promise<void> {
  await eventually('the end of the reshard', async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    return StreamDescriptionSummary?.StreamStatus === 'ACTIVE' || undefined;
  });
}

/** Splits every shard in two, and then merges the first two of them. */
async function reshard(): Promise<void> {
  for (const { ShardId, HashKeyRange } of await openShards()) {
    const [from, to] = [BigInt(HashKeyRange?.StartingHashKey ?? 0), BigInt(HashKeyRange?.EndingHashKey ?? 0)];
    await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey: String((from + to) / 2n) }));
    await active();
  }
  const [first, second] = (await openShards()).toSorted((a, b) =>
    BigInt(a.HashKeyRange?.StartingHashKey ?? 0) < BigInt(b.HashKeyRange?.StartingHashKey ?? 0) ? -1 : 1,
  );
  await kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge: first?.ShardId, AdjacentShardToMerge: second?.ShardId }));
  await active();
}

/** Records that are none: no frame, a frame of nonsense, and one that is cut off. */
async function poison(): Promise<void> {
  const frame = packFrame(['no event', '{"type":"product.viewed"}']);
  for (const Data of [Buffer.from('no frame'), frame, frame.subarray(0, frame.byteLength - 3)])
    for (const { HashKeyRange } of await openShards())
      await kinesis.send(
        new PutRecordCommand({ StreamName, Data, PartitionKey: 'poison', ExplicitHashKey: HashKeyRange?.StartingHashKey }),
      );
}

async function traffic(seed: number, seconds = 8, ...more: string[]) {
  const main = join(import.meta.dirname, 'traffic/main.ts');
  const options = ['--rate', '400', '--seconds', String(seconds), '--seed', String(seed), '--json', '--url', larder.gateway, ...more];
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...options]);
  return JSON.parse(stdout) as { unique: number; duplicates: number; late: number; malformed: number; accepted: number };
}

async function lake<Answer>(path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${await tokenOf(larder, 'ada@example.com')}`, 'content-type': 'application/json' };
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  return (await fetch(`${larder.gateway}/lake${path}`, { headers, ...init })).json() as Promise<Answer>;
}

async function ask(sql: string): Promise<unknown[][]> {
  const { queryId } = await lake<{ queryId: string }>('/queries', { sql });
  const { rows, error } = await eventually(sql, async () => {
    const answer = await lake<{ status: string; rows?: unknown[][]; error?: string }>(`/queries/${queryId}`);
    return ['SUCCEEDED', 'FAILED'].includes(answer.status) ? answer : undefined;
  });
  if (!rows) throw new Error(`${sql}: ${error}`);
  return rows;
}

const refine = () => runSchedule(larder, 'lake-local-refine', new Date());
const total = () => ask('SELECT count(*), count(DISTINCT event_id) FROM page_events');

/** Has everything that has arrived today refined again. */
async function refineAgain(): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const order = { dataset: 'page_events', from: today, to: today };
  const { objects } = (await invoke(larder, 'lake-local-backfill', order)) as { objects: number };
  expect(objects).toBeGreaterThan(0);
  await refine();
}

/** Everything that the lake has in its bucket, unpacked as far as it is packed lines. */
async function everything(): Promise<string[]> {
  const s3 = new S3Client({ ...clientConfig(larder.endpoint), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name = '' }) => /^lake-local-lake/i.test(Name))?.Name;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const texts = Contents.map(async ({ Key = '' }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return (Key.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
  });
  return Promise.all(texts).finally(() => s3.destroy());
}

/** A queue that hears of what is created and what fails. @returns what it hears, when it is so much. */
async function subscribed() {
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const TopicArn = Topics.find(({ TopicArn: arn = '' }) => /:larder-local-lake-notices|:lake-local-/i.test(arn))?.TopicArn;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'notices' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: Attributes?.QueueArn },
  ];
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) } }));
  const FilterPolicy = JSON.stringify({ kind: ['dataset-created', 'ingest-failed'], dataset: ['makers'] });
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true', FilterPolicy },
    }),
  );
  const heard: { kind: string; dataset: string }[] = [];
  return (count: number) =>
    eventually('the notices', async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      heard.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as (typeof heard)[number]));
      return heard.length >= count ? heard : undefined;
    });
}

describe('what visitors do', () => {
  it('is counted and kept once, whatever becomes of the stream and of who reads it', async () => {
    const [sent] = await Promise.all([
      traffic(7),
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await poison();
        await reshard();
        await poison();
      })(),
    ]);
    expect([sent.accepted, sent.duplicates > 0, sent.late > 0, sent.malformed > 0]).toEqual([
      sent.unique + sent.duplicates,
      true,
      true,
      true,
    ]);

    const counted = await eventually('all to be counted', async () => {
      const live = (await (await fetch(`${larder.gateway}/clickstream/live`)).json()) as { events: number; duplicates: number };
      return live.events >= sent.unique - sent.late && live.duplicates >= sent.duplicates ? live : undefined;
    });
    // Late ones may belong to minutes that are not shown any more.
    expect([counted.events <= sent.unique, counted.duplicates]).toEqual([true, sent.duplicates]);

    await eventually('all to be kept', async () => {
      await refine();
      const rows = await total();
      return JSON.stringify(rows) === JSON.stringify([[sent.unique, sent.unique]]) || undefined;
    });

    const killed = new Set(larder.output().match(/\w+(?= ERROR crashed)/g));
    expect([...killed].sort()).toEqual(['countEvents', 'keepPageEvents', 'refine', 'watchEvents']);
    expect(await openShards()).toHaveLength(7);

    await refineAgain();
    expect(await total()).toEqual([[sent.unique, sent.unique]]);
  }, 240_000);

  it('can be looked at, asked and drawn on a page for people', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(`http://lake.localhost:${new URL(larder.gateway).port}/`);
      await page.getByLabel('Email').fill('ada@example.com');
      await page.getByLabel('Password').fill('correct horse 1 Battery');
      await page.getByRole('button', { name: 'Sign in' }).click();

      const pages = page.getByRole('article', { name: 'page_events' });
      await pages.getByText('session_id').waitFor();
      await page.getByRole('searchbox').fill('every order');
      await pages.waitFor({ state: 'detached' });
      await page.getByRole('article', { name: 'orders' }).getByRole('link', { name: 'Ask it' }).click();

      const editor = page.getByRole('textbox', { name: 'SQL' });
      await editor.click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('SELECT type, count(*) AS events FROM page_events WHERE page_events.sess');
      await page.getByRole('option', { name: 'session_id' }).click();
      await page.keyboard.type(' IS NOT NULL GROUP BY type ORDER BY events DESC');
      await page.keyboard.press('ControlOrMeta+Enter');
      const rows = page.getByRole('region', { name: 'Rows of the answer' });
      await rows.getByRole('cell', { name: 'product.viewed' }).waitFor();
      expect(await page.getByRole('status').innerText()).toMatch(/^\d+ rows in .* read$/);
      await page.getByRole('img', { name: 'Chart of the answer' }).locator('svg path[fill="#2f8f5f"]').first().waitFor();
      await page.getByRole('complementary').getByText('page_events.session_id').waitFor();
      expect(page.url()).toContain('#/ask?sql=SELECT');

      await editor.click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('SELECT count(*) FROM range(100000000) a, range(100000000) b');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('The question was cancelled.').waitFor();

      for (const name of ['Sales', 'Stock', 'Delivery health', 'Funnel']) {
        await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { name, exact: true }).waitFor();
        await page.getByText(/^As of /).waitFor();
        expect(await page.locator('.number').count()).toBeGreaterThanOrEqual(2);
        if (process.env['SCREENSHOTS']) await page.screenshot({ path: join(process.env['SCREENSHOTS'], `${name}.png`), fullPage: true });
      }
      // Nobody has ordered in this shop: what there is to draw is what visitors did.
      for (const chart of ['From a look to an order', 'Events by minute', 'Looked at most', 'What visitors do'])
        await page
          .getByRole('img', { name: chart })
          .locator('svg path[fill="#2f8f5f"], svg path[stroke="#2f8f5f"]')
          .first()
          .waitFor({ state: 'attached' });
      await page.setViewportSize({ width: 390, height: 800 });
      await page.waitForFunction('document.documentElement.scrollWidth <= innerWidth');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 120_000);

  it('is told when it is more than people do: each find once, on the bus, with the evidence', async () => {
    const found = () =>
      ask(`SELECT data ->> '$.ruleId', data ->> '$.key.sessionId', count(*), min(json_array_length(data, '$.evidence')) > 0
        FROM bus_events WHERE type = 'clickstream.AlertRaised.v1' AND (data ->> '$.key.sessionId') NOT LIKE 'v-%' GROUP BY ALL ORDER BY 1`);
    expect(await found()).toEqual([]);
    await traffic(3, 4, '--misbehave', 'scraper,hoarder,coupons');
    const alerts = await eventually('the alerts', async () => {
      // A step of a window is over when something newer has come.
      await traffic(4, 1);
      await refine();
      const rows = await found();
      return rows.length === 3 ? rows : undefined;
    });
    const session = (kind: string) => expect.stringMatching(new RegExp(`^${kind}-`));
    expect(alerts).toEqual([
      ['coupon-abuse', session('coupons'), 1, true],
      ['price-scraping', session('scraper'), 1, true],
      ['stock-hoarding', session('hoarder'), 1, true],
    ]);
    const live = (await (await fetch(`${larder.gateway}/clickstream/live`)).json()) as { alerts: { ruleId: string }[] };
    expect(new Set(live.alerts.map(({ ruleId }) => ruleId))).toEqual(new Set(['coupon-abuse', 'price-scraping', 'stock-hoarding']));
  }, 120_000);

  it('can be asked together with files that people bring in', async () => {
    const send = async (file: string, content: string | Uint8Array) => {
      const { url, fields } = await lake<{ url: string; fields: Record<string, string> }>('/datasets/makers/uploads', { file });
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', new Blob([content]));
      expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204);
    };
    const files = async (count: number) =>
      eventually('the files', async () => {
        const { files } = await lake<{ files?: { name: string; status: string; problem?: string }[] }>('/datasets/makers');
        return files?.length === count ? files.map(({ name, status, problem }) => [name, status, problem]) : undefined;
      });
    const notices = await subscribed();
    await send('bad.csv', 'product,maker\nbraeburn-apple\n');
    expect(await files(1)).toEqual([['makers/bad.csv', 'FAILED', expect.stringMatching(/line|column/i)]]);
    await send('makers.csv', 'product,maker\nbraeburn-apple,Orchard\n');
    await send('more.ndjson.zst', zstdCompressSync('{"product":"hummus","maker":"Levant","since":2019}\n'));
    expect((await files(3)).map(([, status]) => status).toSorted()).toEqual(['FAILED', 'TAKEN', 'TAKEN']);
    expect(await ask('SELECT product, maker, since FROM makers ORDER BY product')).toEqual([
      ['braeburn-apple', 'Orchard', null],
      ['hummus', 'Levant', 2019],
    ]);
    expect(await ask("SELECT maker FROM makers JOIN page_events ON product = product_id GROUP BY maker HAVING maker = 'Orchard'")).toEqual([
      ['Orchard'],
    ]);
    expect((await notices(2)).map(({ kind, dataset }) => [kind, dataset]).toSorted()).toEqual([
      ['dataset-created', 'makers'],
      ['ingest-failed', 'makers'],
    ]);
    const { items } = await lake<{ items: { name: string }[] }>('/datasets?q=dropped&column=since');
    expect(items.map(({ name }) => name)).toEqual(['makers']);
    expect(await lake('/datasets/page_events/uploads', { file: 'a.csv' })).toMatchObject({ status: 400, code: 'NOT_A_NAME' });
  }, 120_000);

  it('is gone when a visitor is erased, from everywhere and for good, and nobody else misses anything', async () => {
    const [[all] = []] = await total();
    const [[visitor, theirs] = []] = await ask('SELECT session_id, count(*) FROM page_events GROUP BY ALL ORDER BY 2 DESC LIMIT 1');
    expect((await everything()).some((text) => text.includes(String(visitor)))).toBe(true);
    const { erasureId } = await lake<{ erasureId: string }>('/erasures', { subject: visitor });
    // Files that were replaced go when nobody can be reading them any more: as if that time had passed.
    for (const minutes of [0, 12]) await runSchedule(larder, 'lake-local-erase', new Date(Date.now() + minutes * 60_000));
    expect(await lake(`/erasures/${erasureId}`)).toMatchObject({ status: 'ERASED', changed: expect.any(Number) });
    await refineAgain();
    expect(await total()).toEqual([[Number(all) - Number(theirs), Number(all) - Number(theirs)]]);
    expect((await everything()).filter((text) => text.includes(String(visitor)))).toEqual([]);
  }, 120_000);

  it('is asked under the eyes of an audit that nobody can change unnoticed', async () => {
    const verify = async () => (await invoke(larder, 'lake-local-verifyAudit', {})) as { entries: number; broken?: number };
    const entries = await scan<{ sequence: number; what: string; personId: string }>(larder.endpoint, 'lake', 'audit');
    expect(new Set(entries.map(({ what }) => what))).toEqual(new Set(['query-asked', 'query-ended', 'erasure-asked', 'erasure-ended']));
    const { broken } = await verify();
    expect(broken).toBeUndefined();
    const dynamodb = new DynamoDBClient(clientConfig(larder.endpoint));
    const Key = { chain: { S: 'lake' }, sequence: { N: '3' } };
    const change = { UpdateExpression: 'SET personId = :other', ExpressionAttributeValues: { ':other': { S: 'somebody-else' } } };
    await dynamodb.send(new UpdateItemCommand({ TableName: 'larder-local-lake-audit', Key, ...change }));
    dynamodb.destroy();
    expect((await verify()).broken).toBe(3);
  }, 60_000);
});
