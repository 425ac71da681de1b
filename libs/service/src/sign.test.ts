import fc from 'fast-check';
import { createHash, createHmac } from 'node:crypto';
import { sign } from './sign.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: 'token/with+signs=',
  });
});

describe('sign', () => {
  it('signs what is sent, whatever the path, the query, the headers and the body', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((name) => !/^\.+$/.test(name));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT'),
        fc.array(part, { maxLength: 3 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), text, { maxKeys: 4 }),
        text,
        fc.date({ min: new Date('2020-01-01'), max: new Date('2039-01-01'), noInvalidDate: true }),
        async (method, path, query, body, time) => {
          const url = new URL(`https://abc.execute-api.eu-central-1.amazonaws.com/${path.map(encodeURIComponent).join('/')}`);
          for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
          const given = { 'content-type': 'application/json', 'x-correlation-id': 'a  b ' };
          const headers = await sign({ method, url, headers: given, body, time });
          expect(headers).toMatchObject({ ...given, host: url.host, 'x-amz-security-token': 'token/with+signs=' });
          expect(headers.authorization).toBe(authorizationOf(method, url, headers, body));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('sorts the query by name', async () => {
    const url = new URL('https://abc.execute-api.eu-central-1.amazonaws.com/');
    for (const name of ['I ', 'I', 'i', 'I-']) url.searchParams.set(name, '');
    const headers = await sign({ method: 'GET', url, headers: {}, body: '', time: new Date() });
    expect(headers.authorization).toBe(authorizationOf('GET', url, headers, ''));
  });

  it('leaves out of the signature what proxies change', async () => {
    const url = new URL('https://abc.execute-api.eu-central-1.amazonaws.com/');
    const { authorization } = await sign({ method: 'GET', url, headers: { 'x-amzn-trace-id': 'Root=1-0-0' }, time: new Date() });
    expect(authorization).not.toContain('x-amzn-trace-id');
  });
});

/**
 * The signature as a gateway computes it from what it receives.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function authorizationOf(method: string, url: URL, headers: Readonly<Record<string, string>>, body: string): string {
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const date = headers['x-amz-date'] ?? '';
  const scope = `${date.slice(0, 8)}/eu-central-1/execute-api/aws4_request`;
  const canonical = [
    method,
    url.pathname.split('/').map(encode).join('/'),
    [...url.searchParams]
      .map(([name, value]) => [encode(name), encode(value)] as const)
      // By name, once it is encoded: `a` before `a%20`.
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
    ...names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const step of scope.split('/')) key = createHmac('sha256', key).update(step).digest();
  const digest = createHash('sha256').update(canonical).digest('hex');
  const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
