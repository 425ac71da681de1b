import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer, type Server } from 'node:https';
import { generate } from 'selfsigned';
import { defineConfiguration } from '../configuration/define-configuration.ts';
import { pictureFetcher } from './fetch-picture.ts';
import { isPublic, publicLookup } from './public-lookup.ts';

let server: Server;
let ca: string;
const seen: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];

beforeAll(async () => {
  const pems = await generate([{ name: 'commonName', value: 'shop.example' }], {
    keySize: 2048,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'shop.example' },
          { type: 2, value: 'cdn.example' },
        ],
      },
    ],
  });
  ca = pems.cert;
  server = createServer({ key: pems.private, cert: pems.cert }, ({ url = '', headers }, response) => {
    seen.push({ path: url, headers });
    const [, , what = '', more = ''] = url.split('/');
    const port = (server.address() as AddressInfo).port;
    if (what === 'status') response.writeHead(Number(more)).end();
    else if (what === 'redirect') response.writeHead(302, { location: decodeURIComponent(more).replace('PORT', String(port)) }).end();
    else if (what === 'again') response.writeHead(302, { location: url }).end();
    else if (what === 'slow') response.writeHead(200).write('a');
    else if (what === 'large') response.writeHead(200).end(Buffer.alloc(5000));
    else
      response.writeHead(200, { 'last-modified': 'Sun, 01 Nov 2026 00:00:00 GMT', 'cache-control': 'max-age=60' }).end(`bytes of ${url}`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** All names are this machine: what is not public is checked apart. */
const here: LookupFunction = (_name, { all }, onFound) =>
  all ? onFound(null, [{ address: '127.0.0.1', family: 4 }]) : onFound(null, '127.0.0.1', 4);

function fetcher(lookup: LookupFunction = here) {
  const { port } = server.address() as AddressInfo;
  const configuration = defineConfiguration({
    origins: {
      shop: { url: `https://shop.example:${port}/pictures`, headers: { 'x-shop': 'larder' } },
      cdn: { url: `https://cdn.example:${port}` },
      s3: {},
    },
  });
  const fetchPicture = pictureFetcher({ configuration, patience: 700, mostBytes: 4000, connection: { lookup, ca } });
  return (path: string, host = 'shop.example') => fetchPicture(`https://${host}:${port}${path}`);
}
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'fetched',
    (error: { code: string }) => error.code,
  );

describe('a picture on the web', () => {
  it('is fetched with what is known of it, and nothing of who asks', async () => {
    const { bytes, etag, cacheControl, lastModified } = await fetcher()('/pictures/a%20b.jpg');
    expect(new TextDecoder().decode(bytes)).toBe('bytes of /pictures/a%20b.jpg');
    expect([etag.length, cacheControl, lastModified]).toEqual([66, 'max-age=60', new Date('2026-11-01T00:00:00Z')]);
    expect(Object.keys(seen.at(-1)?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
      'x-shop',
    ]);
  });

  it('may be elsewhere at an origin that is configured, and after three redirects nowhere', async () => {
    const fetchPicture = fetcher();
    const to = (address: string) => `/pictures/redirect/${encodeURIComponent(address)}`;
    expect(new TextDecoder().decode((await fetchPicture(to('https://cdn.example:PORT/x'))).bytes)).toBe('bytes of /x');
    expect(new TextDecoder().decode((await fetchPicture(to('/pictures/y'))).bytes)).toBe('bytes of /pictures/y');
    expect(await codeOf(fetchPicture(to('/pictures/redirect/' + encodeURIComponent('/pictures/z'))))).toBe('fetched');
    const before = seen.length;
    expect(await codeOf(fetchPicture('/pictures/again'))).toBe('BadGateway');
    expect(seen.length).toBe(before + 4);
  });

  it.each([
    ['another host', 'https://evil.example:PORT/x'],
    ['another port', 'https://cdn.example:1/x'],
    ['another path of a shared host', 'https://shop.example:PORT/private/x'],
    ['without TLS', 'http://cdn.example:PORT/x'],
    ['an address in figures', 'https://127.0.0.1:PORT/x'],
    ['what a cloud tells its machines', 'http://169.254.169.254/latest/meta-data/'],
    ['a file', 'file:///etc/passwd'],
    ['no address', 'https://'],
  ])('is not followed to %s', async (_name, address) => {
    const before = seen.length;
    expect(await codeOf(fetcher()(`/pictures/redirect/${encodeURIComponent(address)}`))).toBe('BadGateway');
    expect(seen.length).toBe(before + 1);
  });

  it.each([
    ['404', 'NoSuchKey'],
    ['410', 'NoSuchKey'],
    ['403', 'ImageBucket::CannotAccessBucket'],
    ['500', 'BadGateway'],
    ['304', 'BadGateway'],
  ])('that the origin answers %s for is %s', async (status, code) => {
    expect(await codeOf(fetcher()(`/pictures/status/${status}`))).toBe(code);
  });

  it('is refused when it is too large, and given up when it takes too long', async () => {
    expect(await codeOf(fetcher()('/pictures/large'))).toBe('TooLargeImageException');
    expect(await codeOf(fetcher()('/pictures/slow'))).toBe('TimeoutException');
  });

  it('comes from nobody who cannot say who they are', async () => {
    const { port } = server.address() as AddressInfo;
    const configuration = defineConfiguration({ origins: { other: { url: `https://other.example:${port}` } } });
    const fetchPicture = pictureFetcher({ configuration, connection: { lookup: here, ca } });
    expect(await codeOf(fetchPicture(`https://other.example:${port}/a`))).toBe('BadGateway');
  });

  it('comes from no address that is not public, whatever its name', async () => {
    for (const addresses of [['127.0.0.1'], ['10.1.2.3'], ['93.184.215.14', '192.168.0.1'], ['::1'], ['::ffff:169.254.169.254'], []]) {
      const resolve = ((_name: string, _options: object, onFound: (error: null, found: object[]) => void) =>
        onFound(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        )) as never;
      const before = seen.length;
      expect(await codeOf(fetcher(publicLookup(resolve))('/pictures/a'))).toBe('BadGateway');
      expect(seen.length).toBe(before);
    }
  });

  it.each([
    ['93.184.215.14', true],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['fd00:ec2::254', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['localhost', false],
  ])('at %s may be fetched: %s', (address, may) => {
    expect(isPublic(address)).toBe(may);
  });
});
