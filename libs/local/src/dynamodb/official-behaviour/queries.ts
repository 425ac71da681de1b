import { DeleteItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Subject } from './subject.ts';

/** Queries, scans and indexes. */
export function queries(subject: Subject): void {
  const { TableName, put, key, fresh } = subject;

  describe('queries', () => {
    test('numbers sort as numbers, in both directions, and a page says where the next begins', async () => {
      const pk = fresh();
      const keys = ['-100', '-2', '-1.5', '0', '0.5', '9', '10', '1000'];
      await Promise.all(keys.map((sk) => put(key(pk, sk))));
      const query = async (more: object) =>
        subject.client.send(
          new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } }, ...more }),
        );
      const read: string[] = [];
      let from: Record<string, never> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await query({ Limit: 3, ExclusiveStartKey: from });
        read.push(...Items.map((item) => item['sk']!.N!));
        from = LastEvaluatedKey as typeof from;
      } while (from);
      expect(read).toEqual(keys);
      const { Items } = await query({ ScanIndexForward: false });
      expect(Items?.map((item) => item['sk']!.N)).toEqual([...keys].reverse());
    });

    test('a filter does not change what is scanned, and Limit counts before it', async () => {
      const pk = fresh();
      await Promise.all([1, 2, 3, 4].map((sk) => put({ ...key(pk, String(sk)), v: { N: String(sk % 2) } })));
      const answer = await subject.client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'v = :one',
          ExpressionAttributeValues: { ':pk': { S: pk }, ':one': { N: '1' } },
          Limit: 3,
        }),
      );
      expect(answer).toMatchObject({ Count: 2, ScannedCount: 3, LastEvaluatedKey: key(pk, '3') });
    });

    test('an index holds the items that have its key, follows changes, and pages through equal keys', async () => {
      const status = fresh();
      for (let n = 0; n < 25; n += 1) await put({ ...key(`${status}-${n}`), status: { S: status } });
      await put(key(`${status}-none`));
      await put({ ...key(`${status}-0`), status: { S: 'moved' } });
      await subject.client.send(new DeleteItemCommand({ TableName, Key: key(`${status}-1`) }));
      const found: string[] = [];
      let from: Record<string, never> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await subject.client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byStatus',
            KeyConditionExpression: '#s = :s',
            ExpressionAttributeNames: { '#s': 'status' },
            ExpressionAttributeValues: { ':s': { S: status } },
            Limit: 4,
            ExclusiveStartKey: from,
          }),
        );
        found.push(...Items.map((item) => item['pk']!.S!));
        from = LastEvaluatedKey as typeof from;
      } while (from);
      expect(found.sort()).toEqual(Array.from({ length: 23 }, (_, n) => `${status}-${n + 2}`).sort());
    });

    test('a local index answers attributes that it does not hold; a global index refuses them and consistent reads', async () => {
      const pk = fresh();
      await put({ ...key(pk), status: { S: 's' }, extra: { S: 'e' } });
      const query = (IndexName: string, more: object) =>
        subject.client.send(
          new QueryCommand({
            TableName,
            IndexName,
            KeyConditionExpression: IndexName === 'byStatus' ? '#k = :v' : '#k = :v',
            ExpressionAttributeNames: { '#k': IndexName === 'byStatus' ? 'status' : 'pk' },
            ExpressionAttributeValues: { ':v': { S: IndexName === 'byStatus' ? 's' : pk } },
            ...more,
          }),
        );
      const { Items } = await query('byStatusOfOne', { Select: 'ALL_ATTRIBUTES', ConsistentRead: true });
      expect(Items).toMatchObject([{ extra: { S: 'e' } }]);
      await expect(query('byStatus', { Select: 'ALL_ATTRIBUTES' })).rejects.toMatchObject({ name: 'ValidationException' });
      await expect(query('byStatus', { ConsistentRead: true })).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('a page ends at 1 MB', async () => {
      const pk = fresh();
      for (const sk of ['1', '2', '3']) await put({ ...key(pk, sk), text: { S: 'x'.repeat(390_000) } });
      await put(key(pk, '4'));
      const answer = await subject.client.send(
        new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } }),
      );
      expect(answer).toMatchObject({ Count: 3, LastEvaluatedKey: key(pk, '3') });
    });

    test('the segments of a parallel scan are all items, each once', async () => {
      const segments = await Promise.all(
        [0, 1, 2].map(
          async (Segment) =>
            (
              await subject.client.send(
                new ScanCommand({ TableName, Segment, TotalSegments: 3, ProjectionExpression: 'pk, sk', Limit: 5000 }),
              )
            ).Items ?? [],
        ),
      );
      const all = segments.flat().map((item) => `${item['pk']!.S}/${item['sk']!.N}`);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThan(20);
    });

    test('a reserved word is refused as a name', async () => {
      const attempt = subject.client.send(
        new ScanCommand({ TableName, FilterExpression: 'status = :s', ExpressionAttributeValues: { ':s': { S: 's' } } }),
      );
      await expect(attempt).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('reserved keyword') });
    });
  });
}
