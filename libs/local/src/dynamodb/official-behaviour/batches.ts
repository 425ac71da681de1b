import { BatchGetItemCommand, BatchWriteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Subject } from './subject.ts';

/** Batches, and tables that are not there. */
export function batches(subject: Subject): void {
  const { TableName, put, key, fresh, large } = subject;

  test('batches write and read several items, and refuse the same item twice', async () => {
    const [a, b] = [fresh(), fresh()];
    await subject.client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [a, b].map((pk) => ({ PutRequest: { Item: key(pk) } })) } }),
    );
    const { Responses } = await subject.client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key(a), key(b), key('none')] } } }),
    );
    expect(Responses?.[TableName]?.map((item) => item['pk']!.S).sort()).toEqual([a, b].sort());
    const twice = subject.client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [a, a].map((pk) => ({ PutRequest: { Item: key(pk) } })) } }),
    );
    await expect(twice).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a batch reads 16 MB, and names the keys that it has not processed', async () => {
    const pks = Array.from({ length: 45 }, fresh);
    for (const pk of pks) await put({ ...key(pk), text: { S: large } });
    const read = async (Keys: Record<string, unknown>[]) => {
      const answer = await subject.client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: Keys as never } } }));
      return { found: answer.Responses?.[TableName] ?? [], left: answer.UnprocessedKeys?.[TableName]?.Keys ?? [] };
    };
    const first = await read(pks.map((pk) => key(pk)));
    expect(first.found.length).toBeGreaterThan(0);
    expect(first.found.length * large.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(first.found.length + first.left.length).toBe(45);
    const rest = await read(first.left);
    expect([...first.found, ...rest.found].map((item) => item['pk']!.S).sort()).toEqual([...pks].sort());
  });

  test('a table that is not there is ResourceNotFoundException', async () => {
    const attempt = subject.client.send(new GetItemCommand({ TableName: 'not-there', Key: key('x') }));
    await expect(attempt).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
}
