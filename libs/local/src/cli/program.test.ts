import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { CommanderError } from 'commander';
import type { CloudStatus } from '../control/status.ts';
import { findRoute, toRequest } from './call.ts';
import { formatMessage } from './dead-letters.ts';
import { formatActivity } from './format.ts';
import { readData } from './input.ts';
import { formatMail } from './mail.ts';
import { createProgram } from './program.ts';

/** What a command line prints, and the exit code that commander asks for. */
async function parse(...args: string[]): Promise<{ out: string; code: number | undefined }> {
  const program = createProgram();
  let out = '';
  const output = { writeOut: (text: string) => void (out += text), writeErr: (text: string) => void (out += text) };
  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) each.configureOutput(output);
  const error = await program.parseAsync(['node', 'local', ...args]).then(
    () => undefined,
    (reason: CommanderError) => reason,
  );
  return { out, code: error?.exitCode };
}

const leaves = ['up', 'status', 'logs', 'invoke', 'call', 'token', 'events', 'dlq list', 'dlq show', 'dlq redrive', 'mail list', 'reset'];

describe('the command line', () => {
  it.each(leaves)('%s has help with an example', async (name) => {
    const { out, code } = await parse(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/Example:\n {2}\S/);
  });

  it.each([
    [['nothing'], /unknown command/],
    [['up', '--port', 'many'], /A port is a number/],
    [['up', '--port', '70000'], /A port is a number/],
    [['up', '--iam', 'off'], /Allowed choices are enforce, warn/],
    [['up', '--ephemeral', '--state', 'x'], /cannot be used with/],
    [['invoke', 'orders'], /missing required argument/],
    [['status', '--jsn'], /unknown option/],
  ])('refuses %j', async (args, message) => {
    const { out, code } = await parse(...args);
    expect(code).toBe(1);
    expect(out).toMatch(message);
  });

  it('takes --data as JSON only', () => {
    expect(readData('{"a":1}')).toEqual({ a: 1 });
    expect(() => readData('{a')).toThrow('--data is not JSON');
    expect(() => readData('@/nowhere/at.all')).toThrow('cannot be read');
  });

  it('ends in peace when whoever reads its output has seen enough', async () => {
    const line = JSON.stringify({ kind: 'notice', at: 0, level: 'info', message: 'hello' });
    const server = createServer((_, response) => {
      const talking = setInterval(() => response.write(`${line}\n`), 10);
      response.on('close', () => clearInterval(talking));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const command = spawn(process.execPath, [main, '--endpoint', endpoint, 'logs', '--follow'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    command.stderr.on('data', (chunk) => (said += String(chunk)));
    await once(command.stdout, 'data');
    command.stdout.destroy();
    const [code] = (await once(command, 'close')) as [number];
    server.closeAllConnections();
    server.close();
    expect([code, said]).toEqual([0, '']);
  });
});

describe('call', () => {
  const route = {
    method: 'GET',
    path: '/stock/{id}',
    url: 'http://g/inventory/stock/{id}',
    function: 'getStock',
    authorization: 'AWS_IAM',
  };
  const status = { services: [{ name: 'inventory', routes: [route] }] } as unknown as CloudStatus;

  it('finds a route by its function, or by method and path', () => {
    expect(findRoute(status, 'inventory.getStock')).toBe(route);
    expect(findRoute(status, 'inventory.GET /stock/{id}')).toBe(route);
  });
  it('names what there is', () => {
    expect(() => findRoute(status, 'inventory.nothing')).toThrow('It has: getStock (GET /stock/{id}).');
    expect(() => findRoute(status, 'nobody.getStock')).toThrow("There is no service 'nobody' here. There are: inventory.");
    expect(() => findRoute(status, 'inventory')).toThrow('Which route of inventory? Write inventory.<route>. It has: getStock');
  });
  it('puts parameters into the path and the query', () => {
    const { url } = toRequest(route, { params: { id: 'a/b c' }, query: { n: [1, 2] } });
    expect(url.href).toBe('http://g/inventory/stock/a%2Fb%20c?n=1&n=2');
    expect(() => toRequest(route, {})).toThrow('needs params.id');
    const named = { ...route, path: '/stock/{item-id}', url: 'http://g/inventory/stock/{item-id}' };
    expect(toRequest(named, { params: { 'item-id': 7 } }).url.pathname).toBe('/inventory/stock/7');
  });
  it('writes a space in the query as it was signed', () => {
    const { url } = toRequest(route, { params: { id: 1 }, query: { q: 'oat milk', sum: '1+1' } });
    expect(url.search).toBe('?q=oat%20milk&sum=1%2B1');
  });
  it.each(['null', '[]', '"x"', '7'])('says what --data is when it is %s', async (data) => {
    await expect(createProgram().parseAsync(['node', 'local', 'call', 'a.b', '--data', data])).rejects.toThrow(
      '--data of call is an object: { params, query, headers, body }.',
    );
  });
  it('says that a GET takes no body', () => {
    expect(() => toRequest(route, { params: { id: 1 }, body: {} })).toThrow('A GET takes no body');
  });
  it('sends a body as JSON', () => {
    const request = toRequest({ ...route, method: 'POST', url: 'http://g/x' }, { body: { a: 1 } });
    expect(request).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
  });
});

describe('formatActivity', () => {
  const log = (line: string): string =>
    formatActivity({ kind: 'log', at: 0, service: 'orders', functionName: 'orders-local-placeOrder', requestId: '1', line });

  it('shows a structured line readably', () => {
    const line = JSON.stringify({ level: 'INFO', message: 'placed', service: 'orders', timestamp: 'x', orderId: '7' });
    expect(log(line)).toBe('00:00:00.000 orders/placeOrder INFO placed orderId=7');
  });
  it('shows an error under its line, with its own code and its cause only', () => {
    const frames = ['at sell (file:///shop/sell.ts:1:2)', 'at f (/shop/node_modules/x/f.js:1:1)', 'at g (node:internal/x:1:1)'];
    const error = { name: 'CallFailed', message: 'no answer', stack: frames.join('\n'), cause: { name: 'Error', message: 'ECONNREFUSED' } };
    const line = { level: 'ERROR', message: 'It failed', requestId: '7', traceId: '8', error };
    expect(log(JSON.stringify(line)).split('\n')).toEqual([
      '00:00:00.000 orders/placeOrder ERROR It failed requestId=7',
      '    CallFailed: no answer',
      '      at sell (/shop/sell.ts:1:2)',
      '    because of Error: ECONNREFUSED',
    ]);
  });
  it('lets no function move the cursor', () => {
    expect(log('\u001b[2Jgone\rback')).toBe('00:00:00.000 orders/placeOrder INFO gone back');
    const event = { source: '\u001b[2Jshop', 'detail-type': 'So\rld' };
    expect(formatActivity({ kind: 'event', at: 0, bus: 'b', event, matchedRules: [] })).toBe('00:00:00.000 b shop So ld no rule matches');
    const notice = { kind: 'notice', at: 0, level: 'warn', message: 'event \u001b[2Jx' } as const;
    expect(formatActivity(notice)).toBe('00:00:00.000 local WARN event x');
    const dead = { messageId: '1', body: '\u001b[2Jx', attributes: { SentTimestamp: '0' }, messageAttributes: {} };
    expect(formatMessage(dead)).toBe('1  sent 1970-01-01T00:00:00.000Z, received 0 times\n  x');
    const mail = {
      Id: '1',
      Region: 'r',
      Timestamp: 't',
      Source: 'a',
      Destination: { ToAddresses: ['b'] },
      Subject: '\u001b[2Js',
      Body: {},
    };
    expect(formatMail(mail)).toBe('t a → b\ns\n');
  });
});
