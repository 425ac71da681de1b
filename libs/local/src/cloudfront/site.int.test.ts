import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const MAIN = resolve(import.meta.dirname, '../cli/main.ts');
const FIXTURE = resolve(import.meta.dirname, '../../test/fixtures/site');

let folder: string;
let child: ChildProcess;
let endpoint: string;
let port: string;
let said = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  cpSync(FIXTURE, folder, { recursive: true, filter: (path) => !path.includes('.larder') });
  child = spawn(process.execPath, [MAIN, 'up', folder, '--json', '--port', '0', '--gateway-port', '0', '--ephemeral'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const line = await new Promise<string>((onReady, onError) => {
    child.once('exit', (code) => onError(new Error(`ended with ${code}: ${said}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', onReady);
  });
  const ready = JSON.parse(line) as { endpoint: string; gateway: string };
  endpoint = ready.endpoint;
  port = new URL(ready.gateway).port;
}, 90_000);
afterAll(async () => {
  const ended = new Promise((onEnd) => child.once('exit', onEnd));
  child.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number | undefined;
  readonly text: string;
  readonly cache: unknown;
}

const ask = async (host: string, path: string, accept = '*/*'): Promise<Reply> => {
  const response = await new Promise<IncomingMessage>((onReply, onError) =>
    requestHttp({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}`, accept } }, onReply)
      .on('error', onError)
      .end(),
  );
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text, cache: response.headers['x-cache'] };
};
const site = (path: string, accept?: string): Promise<Reply> => ask('drawings.localhost', path, accept);

it('serves streamed answers of a function that only it may call, kept by what the policy says', async () => {
  expect(await site('/d/cat', 'image/avif')).toEqual({ status: 200, text: '/drawings/cat for image/avif', cache: 'Miss from cloudfront' });
  expect(await site('/d/cat', 'image/avif')).toMatchObject({ text: '/drawings/cat for image/avif', cache: 'Hit from cloudfront' });
  expect(await site('/d/cat', 'image/webp')).toMatchObject({ text: '/drawings/cat for image/webp', cache: 'Miss from cloudfront' });
});

it('serves an HTTP API and an open function URL under their own paths', async () => {
  const { text } = await site('/api/x');
  const { apiId, ...rest } = JSON.parse(text) as Record<string, string>;
  expect(rest).toEqual({ rawPath: '/api/x', domainName: `${String(apiId)}.execute-api.localhost` });
  expect(JSON.parse((await site('/say/x')).text)).toMatchObject({
    rawPath: '/say/x',
    domainName: expect.stringMatching(/\.lambda-url\.localhost$/),
  });
});

it('serves a bucket that admits it', async () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  expect((await site('/pictures/none.txt')).status).toBe(403);
  await s3.send(new PutObjectCommand({ Bucket: 'site-pictures', Key: 'pictures/a b.txt', Body: 'a picture' }));
  s3.destroy();
  expect(await site('/pictures/a%20b.txt')).toEqual({ status: 200, text: 'a picture', cache: 'Miss from cloudfront' });
  expect((await site('/pictures/a%20b.txt')).cache).toBe('Hit from cloudfront');
});

it('follows an edit of its function', async () => {
  const path = join(folder, 'serverless.yml');
  writeFileSync(path, readFileSync(path, 'utf8').replace("'/d/', '/drawings/'", "'/d/', '/sketches/'"));
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(100))
    if ((await site('/d/dog')).text.startsWith('/sketches/dog')) return;
  throw new Error(`it did not happen within 20 s: ${said}`);
}, 40_000);
