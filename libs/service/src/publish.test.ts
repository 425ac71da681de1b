import { productAdded } from '@larder/contracts/catalog/product-added';
import { fakeTiming } from './aws-events.fixture.ts';
import { directPublisher } from './publish.ts';

const cause = { correlationId: 'c', causationId: 'd' };
const event = { id: 'product-1', time: new Date('2026-11-02T09:30:01.000Z'), data: productAdded.example };

function world(refusals: number) {
  const sent: { EventBusName?: string | undefined; Detail?: string | undefined }[] = [];
  const publish = directPublisher({
    timing: fakeTiming(),
    eventbridge: {
      putEvents: async ({ Entries = [] }) => {
        sent.push(...Entries);
        const refused = sent.length <= refusals;
        return {
          $metadata: {},
          FailedEntryCount: Number(refused),
          Entries: [refused ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' }],
        };
      },
    },
  });
  return { publish, sent };
}

describe('publish', () => {
  it('says on the bus what happened, under the name that it is given, until it is taken', async () => {
    process.env.BUS_NAME = 'larder-test';
    const { publish, sent } = world(1);
    await publish(productAdded, event, cause);
    expect(sent).toHaveLength(2);
    expect(sent.map(({ EventBusName, Detail }) => [EventBusName, JSON.parse(Detail ?? '')])).toEqual(
      Array.from({ length: 2 }, () => ['larder-test', expect.objectContaining({ id: 'product-1', time: '2026-11-02T09:30:01.000Z' })]),
    );
  });

  it('fails when it is never taken', async () => {
    process.env.BUS_NAME = 'larder-test';
    await expect(world(9).publish(productAdded, event, cause)).rejects.toThrow('ThrottlingException');
  });

  it('says nothing where there is no bus, but for what breaks the contract', async () => {
    process.env.BUS_NAME = '';
    const { publish, sent } = world(0);
    await publish(productAdded, event, cause);
    await expect(publish(productAdded, { ...event, data: { ...event.data, name: '' } }, cause)).rejects.toThrow(
      'This is no catalog.ProductAdded.v1',
    );
    expect(sent).toEqual([]);
  });
});
