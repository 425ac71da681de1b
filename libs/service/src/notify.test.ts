import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { type Notice, notifier } from './notify.ts';

const sent: PublishCommandInput[] = [];
const notify = notifier({
  sns: {
    publish: async (input) => {
      sent.push(input);
      return { MessageId: 'm1', $metadata: {} };
    },
  },
});
const tell = (notice: Partial<Notice>) => notify('DataNotices', { message: 'ingest failed', ...notice });
const subjectOf = async (subject: string) => {
  await tell({ subject });
  return sent.at(-1)?.Subject;
};

beforeEach(() => {
  sent.length = 0;
  process.env['DATA_NOTICES_TOPIC'] = 'arn:aws:sns:us-east-1:000000000000:data-notices';
});

test('a notice goes to the topic that the environment names, with attributes of their types', async () => {
  const attributes = { kind: 'ingest-failed', rows: 12, datasets: ['orders', 'page views'], empty: '', none: [] };
  expect(await tell({ subject: 'Ingest failed', attributes })).toBe('m1');
  expect(sent).toEqual([
    {
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:data-notices',
      Subject: 'Ingest failed',
      Message: 'ingest failed',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'ingest-failed' },
        rows: { DataType: 'Number', StringValue: '12' },
        datasets: { DataType: 'String.Array', StringValue: '["orders","page views"]' },
      },
    },
  ]);
});

test.each([
  ['Crème brûlée', 'Creme brulee'],
  ['a\n b\tc', 'a b c'],
  ['🍮 is gone', '? is gone'],
  ['  ', undefined],
  ['x'.repeat(100), 'x'.repeat(100)],
  ['x'.repeat(101), `${'x'.repeat(97)}...`],
])('the subject %j is sent as %j', async (subject, expected) => {
  expect(await subjectOf(subject)).toBe(expected);
});

test('256 KiB are sent, and a byte more is refused before anything is sent', async () => {
  // `é` is two bytes; the attribute has 4 + 6 + 3.
  await tell({ message: 'é'.repeat(131_072) });
  await tell({ message: 'x'.repeat(262_144 - 13), attributes: { kind: 'big' } });
  expect(sent).toHaveLength(2);
  const refused = { code: 'NOTICE_INVALID' };
  await expect(tell({ message: 'x'.repeat(262_144 - 12), attributes: { kind: 'big' } })).rejects.toMatchObject(refused);
  await expect(tell({ message: '' })).rejects.toMatchObject(refused);
  expect(sent).toHaveLength(2);
});

test('a function without access to the topic is told so', async () => {
  delete process.env['DATA_NOTICES_TOPIC'];
  await expect(tell({})).rejects.toMatchObject({
    code: 'ENVIRONMENT_INVALID',
    message: expect.stringContaining('DATA_NOTICES_TOPIC') as string,
  });
});
