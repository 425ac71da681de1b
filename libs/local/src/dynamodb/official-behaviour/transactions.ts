import { TransactGetItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Subject } from './subject.ts';

/** Transactions and their tokens. */
export function transactions(subject: Subject): void {
  const { TableName, put, get, key, fresh, transact, absent, large } = subject;

  describe('transactions', () => {
    test('all or nothing: one failed condition cancels, and the reasons line up with the actions', async () => {
      const [there, other] = [fresh(), fresh()];
      await put({ ...key(there), v: { S: 'old' } });
      const attempt = transact([
        { Put: { TableName, Item: key(other) } },
        { Put: { TableName, Item: key(there), ConditionExpression: absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      ]);
      await expect(attempt).rejects.toMatchObject({
        name: 'TransactionCanceledException',
        message: expect.stringContaining('[None, ConditionalCheckFailed]'),
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { v: { S: 'old' } } }],
      });
      expect(await get(other)).toBeUndefined();
    });

    test('a put, an update, a delete and a check of four items happen together', async () => {
      const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
      await Promise.all([put(key(c)), put(key(d))]);
      await transact([
        { Put: { TableName, Item: key(a) } },
        { Update: { TableName, Key: key(b), UpdateExpression: 'SET v = :v', ExpressionAttributeValues: { ':v': { N: '1' } } } },
        { Delete: { TableName, Key: key(c) } },
        { ConditionCheck: { TableName, Key: key(d), ConditionExpression: 'attribute_exists(pk)' } },
      ]);
      const { Responses } = await subject.client.send(
        new TransactGetItemsCommand({ TransactItems: [a, b, c, d].map((pk) => ({ Get: { TableName, Key: key(pk) } })) }),
      );
      expect(Responses?.map(({ Item }) => Item && (Item['v']?.N ?? 'there'))).toEqual(['there', '1', undefined, 'there']);
    });

    test('two actions on one item are refused', async () => {
      const pk = fresh();
      const attempt = transact([{ Put: { TableName, Item: key(pk) } }, { Delete: { TableName, Key: key(pk) } }]);
      await expect(attempt).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining('multiple operations on one item'),
      });
    });

    test('more than 100 actions are refused', async () => {
      const actions = Array.from({ length: 101 }, () => ({ Put: { TableName, Item: key(fresh()) } }));
      await expect(transact(actions)).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('more than 4 MB are refused, and nothing of them is written', async () => {
      const pks = Array.from({ length: 11 }, fresh);
      const write = (some: string[]) => transact(some.map((pk) => ({ Put: { TableName, Item: { ...key(pk), text: { S: large } } } })));
      await expect(write(pks)).rejects.toThrow();
      expect(await get(pks[0]!)).toBeUndefined();
      await write(pks.slice(1));
      await write(pks.slice(0, 1));
      const read = (some: string[]) =>
        subject.client.send(new TransactGetItemsCommand({ TransactItems: some.map((pk) => ({ Get: { TableName, Key: key(pk) } })) }));
      await expect(read(pks)).rejects.toThrow();
      expect((await read(pks.slice(1))).Responses).toHaveLength(10);
    });

    test('the same token and content again changes nothing; other content is refused', async () => {
      const pk = fresh();
      const add = (n: string) => [
        { Update: { TableName, Key: key(pk), UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: n } } } },
      ];
      const token = `token-${pk}-${Date.now()}`.slice(0, 36);
      await transact(add('1'), token);
      await transact(add('1'), token);
      expect((await get(pk))?.['n']).toEqual({ N: '1' });
      await expect(transact(add('2'), token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    });

    test('concurrent transfers keep the sum', async () => {
      const [a, b] = [fresh(), fresh()];
      await Promise.all([put({ ...key(a), n: { N: '10' } }), put({ ...key(b), n: { N: '0' } })]);
      const side = (pk: string, sign: string, more: object = {}) => ({
        Update: {
          TableName,
          Key: key(pk),
          UpdateExpression: `SET n = n ${sign} :one`,
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ...more,
        },
      });
      const transfer = () =>
        transact([side(a, '-', { ConditionExpression: 'n >= :one' }), side(b, '+')]).catch((error: Error) => error.name);
      await Promise.all(Array.from({ length: 25 }, transfer));
      const [left, right] = await Promise.all([get(a), get(b)]);
      expect(Number(left?.['n']?.N) + Number(right?.['n']?.N)).toBe(10);
      expect(Number(left?.['n']?.N)).toBeGreaterThanOrEqual(0);
    });
  });
}
