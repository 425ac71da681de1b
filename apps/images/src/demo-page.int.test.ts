import { resolve } from 'node:path';
import { sha256 } from '@larder/service/digest';
import { openBrowser } from '@larder/testing/browser';
import { startLarder, type RunningLarder } from '@larder/testing/larder';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';

let larder: RunningLarder;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let home: string;
const complaints: string[] = [];
const hosts = new Set<string>();
/** The newest address of either side. */
const asked = new Map<string, string>();

beforeAll(async () => {
  larder = await startLarder({ folder: resolve(import.meta.dirname, '..') });
  home = `http://images.localhost:${new URL(larder.gateway).port}`;
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // Jest's own limit counts.
  context.setDefaultTimeout(300_000);
  page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  page.on('response', (response) => {
    const isPicture = response.request().resourceType() === 'fetch' && (response.headers()['content-type'] ?? '').startsWith('image/');
    if (isPicture) asked.set(new URL(response.url()).pathname.startsWith('/eyJ') ? 'after' : 'before', response.url());
  });
  await page.goto(home);
  await page.getByText('2400 × 1600 JPEG').waitFor();
  await quiet();
}, 600_000);
afterAll(async () => {
  // One of them may not have started.
  await browser?.close();
  await larder?.stop();
});

/** Until the picture after is that of the controls. */
const quiet = () => page.locator('#stage[aria-busy=false]').waitFor();
const text = (id: string) => page.locator(`#${id}`).innerText();
const address = (name: string) => page.getByLabel(name, { exact: true }).inputValue();
/** Asked for by the page, which finds the service by its name. */
async function get(url: string): Promise<Buffer> {
  const script = `fetch(${JSON.stringify(url)}, { headers: { accept: 'image/avif,image/webp' } })
    .then((answer) => answer.blob())
    .then((blob) => new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(blob);
    }))`;
  const [, base64 = ''] = String(await page.evaluate(script)).split(',');
  return Buffer.from(base64, 'base64');
}
/** What is on the screen. The page lets nobody read it, so it is asked for once more. */
async function shown(side: 'before' | 'after'): Promise<Buffer> {
  const bytes = await get(asked.get(side) ?? '');
  const { width, height } = await sharp(bytes).metadata();
  expect(await page.evaluate(`[${side}.naturalWidth, ${side}.naturalHeight]`)).toEqual([width, height]);
  return bytes;
}
const shapeOf = async (bytes: Uint8Array) => {
  const { format, width, height } = await sharp(bytes).metadata();
  return [format, width, height];
};

describe('the demo page', () => {
  it('shows a picture before and after, with bytes and times, without anybody having uploaded one', async () => {
    expect(await page.locator('#pictures img').count()).toBe(3);
    expect(await shapeOf(await shown('before'))).toEqual(['jpeg', 2400, 1600]);
    expect(await shapeOf(await shown('after'))).toEqual(['heif', 900, 600]);
    expect(await text('after-size')).toBe('900 × 600 AVIF');
    expect([await text('before-bytes'), await text('after-bytes')].join()).toMatch(/^[\d.]+ kB,[\d.]+ kB$/);
    expect([await text('before-time'), await text('after-time')].join()).toMatch(/^\d+ ms.*,\d+ ms/);
    expect(await text('saved')).toMatch(/^\d\d %$/);
  });

  it('makes what its controls say', async () => {
    await page.getByLabel('Width').first().fill('300');
    await page.getByLabel('Height').first().fill('300');
    await page.getByLabel('Fit').selectOption('cover');
    await page.getByLabel('Format').last().selectOption('png');
    await page.getByLabel('Grayscale').check();
    await page.getByLabel('Flip').check();
    await quiet();
    const after = await shown('after');
    expect(await shapeOf(after)).toEqual(['png', 300, 300]);
    const { channels } = await sharp(after).stats();
    const [red, green, blue] = channels.map(({ mean }) => mean);
    expect([green ?? red, blue ?? red]).toEqual([red, red]);
    await page.getByLabel('Round crop').check();
    await quiet();
    const [, , , alpha] = await sharp(await shown('after'))
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect(alpha).toBe(0);
  });

  it('gives its address in three forms, of which each is the picture that is shown, and says what one of them lacks', async () => {
    expect(await text('unsaid')).toContain('flip and round crop');
    await page.getByLabel('Flip').uncheck();
    await page.getByLabel('Round crop').uncheck();
    await page.getByLabel('Blur').fill('4');
    await page.getByLabel('Crop to an area').check();
    await quiet();
    expect(await text('unsaid')).toBe('');
    const after = await shown('after');
    for (const name of ['Base64 JSON', 'Thumbor', 'Query on top']) {
      await page.getByLabel(name, { exact: true }).locator('xpath=following-sibling::button').click();
      await page.getByText(`Copied: ${name}.`).waitFor();
      const copied = await page.evaluate('navigator.clipboard.readText()');
      expect(copied).toBe(await address(name));
      expect((await get(String(copied))).equals(after)).toBe(true);
    }
  });

  it('has a control for every other edit, each of which makes a picture', async () => {
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByLabel('Format').last().selectOption('png');
    await page.getByLabel('Width').first().fill('120');
    await page.getByText('More edits').click();
    await quiet();
    const plain = await shown('after');
    const controls = page.locator('.more :is(select, input:not([type=color]))');
    const same: string[] = [];
    for (let place = 0; place < (await controls.count()); place += 1) {
      const control = controls.nth(place);
      const attribute = async (of: string) => String(await control.getAttribute(of));
      const [name, type, off, max] = [
        await attribute('name'),
        await attribute('type'),
        await attribute('data-off'),
        await attribute('max'),
      ];
      if (type === 'checkbox') await control.check();
      else if (type === 'range') await control.fill(max === off ? await attribute('min') : max);
      else await control.selectOption({ index: 1 });
      await quiet();
      expect([name, await text('problem')]).toEqual([name, '']);
      if ((await shown('after')).equals(plain)) same.push(name);
      if (type === 'checkbox') await control.uncheck();
      else if (type === 'range') await control.fill(off);
      else await control.selectOption('');
    }
    await quiet();
    // The picture has neither alpha nor frames.
    expect(same).toEqual(['removeAlpha', 'animated']);
  });

  it('keeps a focal point in sight, and says which address lacks what was made', async () => {
    await page.getByLabel('Height').first().fill('120');
    await page.getByLabel('Fit').selectOption('cover');
    await page.getByLabel('Focal point').check();
    await page.getByLabel('Focal x').fill('100');
    await quiet();
    const right = await shown('after');
    for (const name of ['Base64 JSON', 'Thumbor', 'Query on top']) expect((await get(await address(name))).equals(right)).toBe(true);
    await page.getByLabel('Negate').check();
    await quiet();
    expect(await text('unsaid')).toContain('More edits');
    expect((await shown('after')).equals(right)).toBe(false);
  });

  it('is moved by the keyboard too', async () => {
    const split = page.getByLabel('How much of the picture before');
    await split.focus();
    await page.keyboard.press('Home');
    expect(await page.evaluate("getComputedStyle(document.getElementById('before')).clipPath")).toBe('inset(0px 100% 0px 0px)');
    await page.keyboard.press('ArrowRight');
    expect(await split.inputValue()).toBe('1');
    await page.getByLabel('Market').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('2700 × 1800 JPEG').waitFor();
    await quiet();
    expect(await shapeOf(await shown('before'))).toEqual(['jpeg', 2700, 1800]);
  });

  it('takes a picture of one’s own, by a form that is for that one picture', async () => {
    const buffer = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#1f5d3f' } })
      .webp()
      .toBuffer();
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByLabel('Drop your own').setInputFiles({ name: 'mine.webp', mimeType: 'image/webp', buffer });
    await page.getByText('mine.webp was uploaded.').waitFor();
    await page.getByText('640 × 480 WEBP').waitFor();
    await quiet();
    expect((await shown('before')).equals(buffer)).toBe(true);
    expect(await address('Thumbor')).toMatch(/\/fit-in\/900x0\/filters:.*\/_dropped\/[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('takes one that is dropped', async () => {
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="red"/></svg>';
      transfer.items.add(new File([svg], 'mark.svg', { type: 'image/svg+xml' }));
      return transfer;
    })()`);
    await page.locator('#stage').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByText('mark.svg was uploaded.').waitFor();
    await page.getByText('30 × 20 PNG').waitFor();
    await quiet();
    expect(await shapeOf(await shown('after'))).toEqual(['heif', 900, 600]);
  });

  it('signs forms for a picture of the type that was said, no larger than what is served, and for minutes only', async () => {
    const answer = await page.evaluate(async (nothing) => {
      const form = await fetch('/_demo/uploads?type=image/png', { method: 'POST', headers: { 'x-amz-content-sha256': nothing } });
      return (await form.json()) as { url: string; fields: Record<string, string> };
    }, sha256(''));
    const policy = JSON.parse(Buffer.from(answer.fields['Policy'] ?? '', 'base64').toString()) as {
      expiration: string;
      conditions: unknown[];
    };
    expect(policy.conditions).toContainEqual(['content-length-range', 1, 40 * 1024 * 1024]);
    expect(Date.parse(policy.expiration)).toBeLessThanOrEqual(Date.now() + 300_000);
    const send = async (change: Record<string, string>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries({ ...answer.fields, ...change })) data.append(name, value);
      data.append('file', new Blob(['not much']));
      return (await fetch(answer.url, { method: 'POST', body: data })).status;
    };
    expect([await send({ 'Content-Type': 'text/html' }), await send({ key: 'demo/market.jpg' }), await send({})]).toEqual([403, 403, 204]);
  });

  it('has nothing to complain of, and asks nobody but the service and the bucket', async () => {
    expect(complaints).toEqual([]);
    const own = [new URL(home).host, new URL(larder.endpoint.replace('localhost', '127.0.0.1')).host];
    expect([...hosts].filter((host) => host !== '' && !own.includes(host))).toEqual([]);
  });

  it('has room on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('says what is wrong in the words of the service', async () => {
    await page.getByLabel('Crop to an area').check();
    await page.getByLabel('Left', { exact: true }).fill('9000');
    await page.getByText('Crop::AreaOutOfBounds').waitFor();
    await page.getByLabel('Drop your own').setInputFiles({ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>') });
    await page.getByText('The type of the picture must be one of').waitFor();
  });
});
