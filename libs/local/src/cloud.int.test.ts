import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCloud } from './cloud.ts';
import type { CloudStatus } from './control/status.ts';

const MAIN = resolve(import.meta.dirname, 'cli/main.ts');
const FIXTURE = resolve(import.meta.dirname, '../test/fixtures/hello');

interface Running {
  readonly child: ChildProcess;
  readonly endpoint: string;
  readonly gateway: string;
  readonly services: readonly { readonly name: string; readonly state: string }[];
}

/** Starts the command line on a copy of the fixture, as a user would. */
function start(folder: string, ...flags: string[]): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'up', folder, '--json', '--port', '0', '--gateway-port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((onReady, onError) => {
    child.once('exit', (code) => onError(new Error(`ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout }).once('line', (line) => onReady({ child, ...(JSON.parse(line) as Omit<Running, 'child'>) }));
  });
}

async function end({ child }: Pick<Running, 'child'>, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const ended = new Promise<number | null>((onEnd) => child.once('exit', onEnd));
  child.kill(signal);
  return ended;
}

/** Runs another command; its standard output, error and exit code. */
function command(endpoint: string, ...args: string[]): { out: string; err: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, '--endpoint', endpoint, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { out: stdout, err: stderr, code: status };
}

async function aws(endpoint: string, service: string, target: string, input: object): Promise<Record<string, unknown>> {
  const authorization = `AWS4-HMAC-SHA256 Credential=root/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, authorization };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  return (await response.json()) as Record<string, unknown>;
}

const send = (endpoint: string, body: string): Promise<object> =>
  aws(endpoint, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl: `${endpoint}/000000000000/hello-remember`, MessageBody: body });
const remembered = async (endpoint: string, id: string): Promise<boolean> =>
  'Item' in (await aws(endpoint, 'dynamodb', 'DynamoDB_20120810.GetItem', { TableName: 'hello-greetings', Key: { id: { S: id } } }));

async function eventually(what: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) if (await what()) return;
  throw new Error('it did not happen within 20 s');
}

describe('the laptop cloud, with a small service', () => {
  let folder: string;
  let cloud: Running;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hello-'));
    cpSync(FIXTURE, folder, { recursive: true, filter: (path) => !path.includes('.larder') });
    cloud = await start(folder, '--ephemeral');
  }, 90_000);
  afterAll(async () => {
    await end(cloud);
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs the service', () => {
    expect(cloud.services).toEqual([expect.objectContaining({ name: 'hello', state: 'running' })]);
  });

  it('answers requests under the name of the service', async () => {
    const response = await fetch(`${cloud.gateway}/hello/ann`);
    expect([response.status, await response.text()]).toEqual([200, 'hello, ann']);
  });

  it('gives a function what its queue holds, and lets it write what its role allows', async () => {
    await send(cloud.endpoint, 'one');
    await eventually(() => remembered(cloud.endpoint, 'one'));
  });

  it('tells those who subscribe to a topic', async () => {
    const client = new SNSClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'root', secretAccessKey: 'root' },
    });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:hello-notices';
    await client.send(new PublishCommand({ TopicArn, Subject: 'Hello', Message: 'to all' }));
    client.destroy();
    const mails = (): string => command(cloud.endpoint, 'mail', 'list', 'ann@larder.test', '--json').out;
    await eventually(() => mails().includes('to all'));
  });

  it('shows what is dead, and sends it back', async () => {
    await send(cloud.endpoint, 'poison');
    const dead = (): string => command(cloud.endpoint, 'dlq', 'show', 'hello-forgotten', '--json').out;
    await eventually(() => dead().includes('poison'));
    expect(command(cloud.endpoint, 'dlq', 'redrive', 'hello-forgotten', '--json').out).toBe('{"redriven":1}\n');
  }, 30_000);

  it('made the custom resource, and names what does not run here', () => {
    const status = JSON.parse(command(cloud.endpoint, 'status', '--json').out) as CloudStatus;
    expect(status.services[0]).toMatchObject({
      state: 'running',
      routes: [{ method: 'GET', path: '/{name}', url: `${cloud.gateway}/hello/{name}`, function: 'greet', authorization: 'NONE' }],
      topics: [{ name: 'hello-notices', subscriptions: 1, waiting: 0 }],
      notRunHere: { 'AWS::ElastiCache::CacheCluster': ['Cache'] },
    });
  });

  it('calls a route and invokes a function from the command line', () => {
    expect(command(cloud.endpoint, 'call', 'hello.greet', '--data', '{"params":{"name":"bob"}}').out).toBe('hello, bob\n');
    const { out, code } = command(cloud.endpoint, 'invoke', 'hello', 'greet', '--data', '{"pathParameters":{"name":"bob"}}');
    expect([code, JSON.parse(out)]).toEqual([0, { statusCode: 200, body: 'hello, bob' }]);
    expect(command(cloud.endpoint, 'invoke', 'hello', 'greet', '--data', '{}').code).toBe(1);
    expect(command(cloud.endpoint, 'logs', 'hello').out).toMatch(/hello\/greet INFO greeting name=bob/);
  });

  it('says which functions and routes there are when it does not know one', () => {
    expect(command(cloud.endpoint, 'invoke', 'hello', 'gret').err).toContain('It has: greet, remember, prepare.');
    expect(command(cloud.endpoint, 'call', 'hello.gret')).toMatchObject({
      code: 2,
      err: expect.stringContaining('greet (GET /{name})') as string,
    });
  });

  it('runs an edit at the next invocation, and keeps what ran when an edit is broken', async () => {
    const source = join(folder, 'src/greeting.mjs');
    const config = join(folder, 'serverless.yml');
    const greet = async (): Promise<string> => (await fetch(`${cloud.gateway}/hello/ann`)).text();
    const before = readFileSync(config, 'utf8');
    try {
      writeFileSync(source, `export const greeting = 'good day';\n`);
      await sleep(20);
      expect(await greet()).toBe('good day, ann');
      writeFileSync(config, before.replace('greet:', 'greet: {{{'));
      await sleep(20);
      expect(await greet()).toBe('good day, ann');
      expect(command(cloud.endpoint, 'status').out).toContain('Cannot parse "serverless.yml"');
    } finally {
      writeFileSync(config, before);
    }
    writeFileSync(source, `export const greeting = 'hello';\n`);
    await sleep(20);
    expect(await greet()).toBe('hello, ann');
  }, 60_000);
});

describe('the laptop cloud, with a service that needs another', () => {
  const text = (name: string, Parameters: object, Resources: object): string =>
    JSON.stringify({ service: name, frameworkVersion: '^4', provider: { name: 'aws' }, resources: { Parameters, Resources } });
  const provider = (...names: string[]): string =>
    text(
      'giver',
      {},
      Object.fromEntries(names.map((Name, at) => [`P${at}`, { Type: 'AWS::SSM::Parameter', Properties: { Name, Value: 'x' } }])),
    );
  const consumer = (parameter: string, QueueName: string): string =>
    text(
      'taker',
      { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: parameter } },
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } },
    );

  it('deploys its newest state as soon as the other gives what it misses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-'));
    const write = (name: string, config: string): void => writeFileSync(join(folder, name, 'serverless.json'), config);
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'serverless-compose.yml'), 'services: { a: { path: a }, b: { path: b } }');
    write('a', provider('/one'));
    write('b', consumer('/two', 'b-first'));
    const cloud = await start(folder, '--ephemeral');
    const status = async (): Promise<CloudStatus['services'][number] | undefined> =>
      ((await (await fetch(`${cloud.endpoint}/_local/status`)).json()) as CloudStatus).services.find(({ name }) => name === 'b');
    const misses = (parameter: string) => async () => (await status())?.problem?.includes(parameter) ?? false;
    const queue = (QueueName: string) => async () =>
      'QueueUrl' in (await aws(cloud.endpoint, 'sqs', 'AmazonSQS.GetQueueUrl', { QueueName }));
    try {
      expect((await status())?.state).toBe('failed');
      write('b', consumer('/three', 'b-second'));
      await eventually(misses('/three'));
      write('a', provider('/one', '/two', '/three'));
      await eventually(queue('b-second'));
      expect(await queue('b-first')()).toBe(false);
      write('b', consumer('/four', 'b-third'));
      await eventually(misses('/four'));
      write('a', provider('/one', '/four'));
      await eventually(queue('b-third'));
      await eventually(async () => (await status())?.problem === undefined);
    } finally {
      await end(cloud);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 90_000);
});

describe('the laptop cloud, started and ended', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hello-'));
    cpSync(FIXTURE, folder, { recursive: true, filter: (path) => !path.includes('.larder') });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps its state over a restart, even when it was killed, and forgets it when it is reset', async () => {
    let cloud = await start(folder);
    await send(cloud.endpoint, 'kept');
    await eventually(() => remembered(cloud.endpoint, 'kept'));
    await end(cloud, 'SIGKILL');
    cloud = await start(folder);
    expect(await remembered(cloud.endpoint, 'kept')).toBe(true);
    expect(command(cloud.endpoint, 'reset', '--yes').code).toBe(0);
    await eventually(() =>
      remembered(cloud.endpoint, 'kept').then(
        (kept) => !kept,
        () => false,
      ),
    );
    expect(await end(cloud, 'SIGINT')).toBe(0);
  }, 120_000);

  it('lets functions that run ask each other and write, when it is told to end', async () => {
    let cloud = await start(folder);
    let said = '';
    cloud.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await send(cloud.endpoint, `${cloud.gateway}/hello/late`);
    await eventually(() => command(cloud.endpoint, 'logs').out.includes('asking'));
    expect(await end(cloud, 'SIGINT')).toBe(0);
    expect(said).not.toMatch(/ERROR|ECONNREFUSED/);
    cloud = await start(folder);
    expect(await remembered(cloud.endpoint, 'hello, late')).toBe(true);
    await end(cloud);
  }, 60_000);

  it('ends at once when it is told to while it packages', async () => {
    const child = spawn(process.execPath, [MAIN, 'up', folder, '--ephemeral', '--port', '0', '--gateway-port', '0', '--stage', 'unseen']);
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    await new Promise((onPackaging) => output.once('line', onPackaging));
    expect(await end({ child }, 'SIGINT')).toBe(0);
    expect(lines.join('\n')).not.toContain('http://localhost');
  }, 20_000);

  it('does not start what was told to end before it began', async () => {
    const options = { folder, port: 0, gatewayPort: 0, stage: 'local', stateDirectory: undefined, iam: 'enforce', faults: {} } as const;
    await expect(startCloud({ ...options, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it('says that a port is in use, and how to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((onListening) => server.once('listening', onListening));
    const { port } = server.address() as AddressInfo;
    const { stderr, status } = spawnSync(
      process.execPath,
      [MAIN, 'up', folder, '--ephemeral', '--port', String(port), '--gateway-port', '0'],
      { encoding: 'utf8' },
    );
    server.close();
    expect(status).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use. End the program that listens there, or choose another port: --port <number>.\n`);
  });

  it('does not take its own state for an edit: where it would, it says so', () => {
    const { stderr, status } = spawnSync(process.execPath, [MAIN, 'up', folder, '--state', join(folder, 'src/state')], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('would count as edits')]);
  });

  it('says that a folder has nothing to run', () => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    const { stderr, status } = spawnSync(process.execPath, [MAIN, 'up', empty, '--ephemeral', '--port', '0', '--gateway-port', '0'], {
      encoding: 'utf8',
    });
    rmSync(empty, { recursive: true });
    expect([status, stderr]).toEqual([1, expect.stringContaining('has neither serverless-compose.yml nor serverless.yml')]);
  });

  it('says that no cloud is running', () => {
    expect(command('http://localhost:9', 'status')).toMatchObject({
      code: 1,
      err: expect.stringContaining('No cloud is running at http://localhost:9') as string,
    });
  });
});
