import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Subject } from './subject.ts';

/** What update expressions do. */
export function updates(subject: Subject): void {
  const { TableName, put, key, fresh } = subject;

  describe('updates', () => {
    const update = async (pk: string, UpdateExpression: string, values?: object, names?: Record<string, string>) =>
      (
        await subject.client.send(
          new UpdateItemCommand({
            TableName,
            Key: key(pk),
            UpdateExpression,
            ExpressionAttributeValues: values as never,
            ExpressionAttributeNames: names,
            ReturnValues: 'ALL_NEW',
          }),
        )
      ).Attributes;

    test('an update of an item that is not there makes it', async () => {
      const pk = fresh();
      expect(await update(pk, 'SET v = if_not_exists(v, :zero) + :one', { ':zero': { N: '0' }, ':one': { N: '1' } })).toEqual({
        ...key(pk),
        v: { N: '1' },
      });
    });

    test('all right sides see the item as it was before', async () => {
      const pk = fresh();
      await put({ ...key(pk), a: { N: '1' }, b: { N: '2' } });
      expect(await update(pk, 'SET a = b, b = a')).toMatchObject({ a: { N: '2' }, b: { N: '1' } });
    });

    test('removing several elements of a list removes those that were named', async () => {
      const pk = fresh();
      await put({ ...key(pk), steps: { L: ['0', '1', '2', '3'].map((N) => ({ N })) } });
      expect(await update(pk, 'REMOVE steps[0], steps[2]')).toMatchObject({ steps: { L: [{ N: '1' }, { N: '3' }] } });
    });

    test('what is copied does not change with what it was copied from', async () => {
      const pk = fresh();
      await put({ ...key(pk), n: { N: '1' }, doc: { M: { x: { N: '1' } } } });
      const values = { ':one': { N: '1' }, ':x': { N: '2' } };
      expect(await update(pk, 'SET earlier = n, twin = doc, doc.x = :x ADD n :one', values)).toMatchObject({
        n: { N: '2' },
        earlier: { N: '1' },
        doc: { M: { x: { N: '2' } } },
        twin: { M: { x: { N: '1' } } },
      });
    });

    test('an element of a list is removed, and a member of the one after it', async () => {
      const pk = fresh();
      const step = (N: string) => ({ M: { x: { N }, y: { N } } });
      await put({ ...key(pk), steps: { L: [step('0'), step('1')] } });
      expect(await update(pk, 'REMOVE steps[0], steps[1].x')).toMatchObject({ steps: { L: [{ M: { y: { N: '1' } } }] } });
    });

    test('a sum has 38 digits at most', async () => {
      const pk = fresh();
      await put({ ...key(pk), n: { N: '9'.repeat(38) } });
      await expect(update(pk, 'ADD n :half', { ':half': { N: '0.5' } })).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('the key of an index is not empty', async () => {
      const refused = { name: 'ValidationException' };
      await expect(put({ ...key(fresh()), status: { S: '' } })).rejects.toMatchObject(refused);
      await expect(update(fresh(), 'SET #status = :none', { ':none': { S: '' } }, { '#status': 'status' })).rejects.toMatchObject(refused);
      await expect(put({ ...key(fresh()), other: { S: '' } })).resolves.toBeDefined();
    });

    test('deleting the last element of a set removes the attribute', async () => {
      const pk = fresh();
      await put({ ...key(pk), tags: { SS: ['a'] } });
      expect(await update(pk, 'DELETE tags :t', { ':t': { SS: ['a'] } })).toEqual(key(pk));
    });

    test('a key cannot be updated', async () => {
      await expect(update(fresh(), 'SET sk = :n', { ':n': { N: '2' } })).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('an item over 400 KB is refused, counted in bytes', async () => {
      await expect(put({ ...key(fresh()), text: { S: 'é'.repeat(205_000) } })).rejects.toMatchObject({ name: 'ValidationException' });
      await expect(put({ ...key(fresh()), text: { S: 'e'.repeat(205_000) } })).resolves.toBeDefined();
    });
  });
}
