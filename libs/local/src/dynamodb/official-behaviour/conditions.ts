import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Subject } from './subject.ts';

/** Conditions of writes, and how values compare. */
export function conditions(subject: Subject): void {
  const { TableName, put, get, key, fresh, absent } = subject;

  describe('conditions', () => {
    test('attribute_not_exists on the key admits the first put and refuses the second, with the old item when it is asked for', async () => {
      const pk = fresh();
      await put({ ...key(pk), v: { S: 'first' } }, { ConditionExpression: absent });
      const second = put(key(pk), { ConditionExpression: absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
      await expect(second).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { v: { S: 'first' } } });
      expect(await get(pk)).toMatchObject({ v: { S: 'first' } });
    });

    test('an attribute may have a name that objects of JavaScript know', async () => {
      const free = { ConditionExpression: 'attribute_not_exists(#name)', ExpressionAttributeNames: { '#name': 'constructor' } };
      const pk = fresh();
      await put({ ...key(pk), constructor: { S: 'Ferrari' } } as never, free);
      await expect(put(key(pk), free)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    });

    test('of many concurrent puts with that condition one succeeds', async () => {
      const pk = fresh();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => put({ ...key(pk), n: { N: String(n) } }, { ConditionExpression: absent })),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('concurrent counters lose no update', async () => {
      const pk = fresh();
      const add = () =>
        subject.client.send(
          new UpdateItemCommand({
            TableName,
            Key: key(pk),
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        );
      await Promise.all(Array.from({ length: 30 }, add));
      expect((await get(pk))?.['n']).toEqual({ N: '30' });
    });

    test.each([
      ['lists and maps are equal by what they hold', 'm = :m', { ':m': { M: { b: { L: [{ N: '1' }] }, a: { S: 'x' } } } }, true],
      ['numbers are compared as numbers', 'n < :n', { ':n': { N: '10' } }, true],
      ['values of different types are never ordered', 'n < :n', { ':n': { S: '99' } }, false],
      ['a missing attribute is in no order', 'gone < :n', { ':n': { N: '1' } }, false],
      ['a missing attribute is not equal', 'gone <> :n', { ':n': { N: '1' } }, true],
      ['contains looks into sets', 'contains(tags, :t)', { ':t': { S: 'b' } }, true],
      ['contains looks into text', 'contains(s, :t)', { ':t': { S: 'ell' } }, true],
      ['sets have no order', 'tags = :t', { ':t': { SS: ['b', 'a'] } }, true],
      ['size counts elements', 'size(tags) = :n', { ':n': { N: '2' } }, true],
      ['IN compares with each', 'n IN (:a, :b)', { ':a': { N: '1' }, ':b': { N: '2' } }, true],
      ['BETWEEN includes its bounds', 'n BETWEEN :a AND :b', { ':a': { N: '2' }, ':b': { N: '2' } }, true],
      ['NOT, AND and OR bind as in SQL', 'NOT n = :a AND s = :s OR n = :a', { ':a': { N: '1' }, ':s': { S: 'hello' } }, true],
      ['an empty text is a value', 'begins_with(s, :e) AND attribute_exists(blank)', { ':e': { S: '' } }, true],
    ])('%s', async (_what, ConditionExpression, ExpressionAttributeValues, met) => {
      const pk = fresh();
      await put({
        ...key(pk),
        n: { N: '2' },
        s: { S: 'hello' },
        blank: { S: '' },
        tags: { SS: ['a', 'b'] },
        m: { M: { a: { S: 'x' }, b: { L: [{ N: '1' }] } } },
      });
      const input = { TableName, Key: key(pk), ConditionExpression, ExpressionAttributeValues: ExpressionAttributeValues as never };
      const outcome = await subject.client.send(new DeleteItemCommand(input)).then(
        () => true,
        (error: Error) => (error.name === 'ConditionalCheckFailedException' ? false : Promise.reject(error)),
      );
      expect(outcome).toBe(met);
    });
  });
}
