import { BadRequestException, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { RestRequest } from '../kernel/call.ts';
import { testEndpoint } from '../testing/endpoint.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import type { StoredMail } from './mailbox.ts';
import { createSes, type SesEngine } from './ses.ts';

let kernel: TestKernel;
let engine: SesEngine;
beforeEach(async () => {
  kernel = testKernel();
  engine = await createSes(kernel);
});
afterEach(() => engine.close());

const service = () => {
  const [found] = engine.services;
  if (found?.protocol !== 'rest') throw new Error('SES speaks REST.');
  return found;
};
const request = (method: string, path: string, body: object = {}): RestRequest => {
  const url = new URL(path, 'http://localhost');
  const caller = { kind: 'root', arn: '' } as const;
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    caller,
    region: 'us-east-1',
  };
};
const mail = (changes: object = {}) => ({
  FromEmailAddress: 'Larder <shop@larder.test>',
  Destination: { ToAddresses: ['ann@example.com'] },
  Content: { Simple: { Subject: { Data: 'Your order' }, Body: { Text: { Data: 'It is on its way.' } } } },
  ...changes,
});
const sendRequest = (changes: object = {}) => request('POST', '/v2/email/outbound-emails', mail(changes));
const send = (changes: object = {}) => service().handle(sendRequest(changes));
const route = async (method: string, path: string) => {
  const found = engine.routes.find((candidate) => candidate.method === method && candidate.path === path.split('?')[0]);
  const { body } = (await found?.handle(request(method, path))) ?? {};
  return (JSON.parse(String(body)) as { messages: StoredMail[] }).messages;
};

describe('SES', () => {
  test('keeps a mail, and lists it', async () => {
    const { body } = await send();
    expect(await route('GET', '/_aws/ses')).toEqual([
      {
        Id: (JSON.parse(String(body)) as { MessageId: string }).MessageId,
        Region: 'us-east-1',
        Timestamp: '2026-01-05T12:00:00.000Z',
        Source: 'Larder <shop@larder.test>',
        Destination: { ToAddresses: ['ann@example.com'] },
        Subject: 'Your order',
        Body: { text_part: 'It is on its way.' },
      },
    ]);
  });

  test('lists the mails from or to an address', async () => {
    await send();
    await send({ Destination: { ToAddresses: ['bob@example.com'], CcAddresses: ['Cem <cem@example.com>'] } });
    expect(await route('GET', '/_aws/ses?email=ann@example.com')).toHaveLength(1);
    expect(await route('GET', '/_aws/ses?email=CEM@example.com')).toHaveLength(1);
    expect(await route('GET', '/_aws/ses?email=shop@larder.test')).toHaveLength(2);
    expect(await route('GET', '/_aws/ses?email=nobody@example.com')).toHaveLength(0);
  });

  test('is emptied', async () => {
    await send();
    await route('DELETE', '/_aws/ses');
    expect(await route('GET', '/_aws/ses')).toEqual([]);
  });

  test('keeps the newest thousand', async () => {
    for (let n = 0; n < 1003; n++) await send({ Content: { Simple: { Subject: { Data: String(n) }, Body: { Text: { Data: '' } } } } });
    const mails = await route('GET', '/_aws/ses');
    expect([mails.length, mails[0]?.Subject, mails.at(-1)?.Subject]).toEqual([1000, '3', '1002']);
  });

  test('reads a raw mail', async () => {
    const raw =
      'From: shop@larder.test\r\nTo: ann@example.com,\r\n bob@example.com\r\nSubject: Hello\r\nContent-Type: text/html\r\n\r\n<b>Hi</b>';
    await send({ FromEmailAddress: undefined, Destination: undefined, Content: { Raw: { Data: Buffer.from(raw).toString('base64') } } });
    expect(await route('GET', '/_aws/ses')).toMatchObject([
      {
        Source: 'shop@larder.test',
        Destination: { ToAddresses: ['ann@example.com', 'bob@example.com'] },
        Subject: 'Hello',
        Body: { html_part: '<b>Hi</b>' },
        RawData: raw,
      },
    ]);
  });

  test.each([
    ['a template', { Content: { Template: { TemplateName: 't' } } }],
    ['no content', { Content: {} }],
    ['no sender', { FromEmailAddress: undefined }],
    ['no recipient', { Destination: {} }],
    ['51 recipients', { Destination: { ToAddresses: Array.from({ length: 51 }, (_, n) => `a${n}@example.com`) } }],
    ['an address that is none', { Destination: { ToAddresses: ['ann'] } }],
    ['no subject', { Content: { Simple: { Body: { Text: { Data: 'x' } } } } }],
    ['raw data that is no mail', { Content: { Raw: { Data: Buffer.from('hello').toString('base64') } } }],
  ])('refuses %s', async (_name, change) => {
    await expect(send(change)).rejects.toMatchObject({ code: 'BadRequestException', status: 400 });
  });

  test('takes 50 recipients', async () => {
    await expect(send({ Destination: { ToAddresses: Array.from({ length: 50 }, (_, n) => `a${n}@example.com`) } })).resolves.toMatchObject({
      status: 200,
    });
  });

  test('asks for ses:SendEmail on the identity of the sender: its address, or its domain', async () => {
    const resource = () =>
      service()
        .permissions(sendRequest())
        .map(({ action, resource }) => `${action} ${resource}`);
    expect(resource()).toEqual(['ses:SendEmail arn:aws:ses:us-east-1:000000000000:identity/shop@larder.test']);
    const [identity] = engine.resourceTypes;
    await identity?.apply({
      logicalId: 'I',
      properties: { EmailIdentity: 'larder.test' },
      stackName: 's',
      service: 's',
      packageDirectory: '',
    });
    expect(resource()).toEqual(['ses:SendEmail arn:aws:ses:us-east-1:000000000000:identity/larder.test']);
  });

  test('asks for the sender that a raw mail names itself', () => {
    const raw = Buffer.from('From: Larder <shop@larder.test>\nTo: ann@example.com\n\nHi').toString('base64');
    const [permission] = service().permissions(sendRequest({ FromEmailAddress: undefined, Content: { Raw: { Data: raw } } }));
    expect(permission).toMatchObject({
      resource: 'arn:aws:ses:us-east-1:000000000000:identity/shop@larder.test',
      context: { 'ses:FromAddress': 'shop@larder.test' },
    });
  });

  test('warns once of a sender that AWS would not know', async () => {
    await send();
    await send();
    expect(kernel.told).toHaveLength(1);
  });
});

test('the AWS SDK sends mails', async () => {
  const endpoint = await testEndpoint([service()]);
  const client = new SESv2Client(endpoint.client);
  await expect(client.send(new SendEmailCommand(mail()))).resolves.toMatchObject({ MessageId: expect.any(String) });
  await client.send(new SendEmailCommand(mail({ Content: { Raw: { Data: Buffer.from('Subject: Raw\n\nHi') } } })));
  expect((await route('GET', '/_aws/ses')).map(({ Subject }) => Subject)).toEqual(['Your order', 'Raw']);
  await expect(client.send(new SendEmailCommand(mail({ Destination: {} })))).rejects.toThrow(BadRequestException);
  client.destroy();
  await endpoint.close();
});
