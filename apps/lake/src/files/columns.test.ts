import { columnName, columnType, evolve } from './columns.ts';

describe('a schema', () => {
  it.each([
    ['a column more', { a: 'BIGINT' }, { a: 'BIGINT', b: 'VARCHAR' }, { a: 'BIGINT', b: 'VARCHAR' }],
    ['a column less', { a: 'BIGINT', b: 'VARCHAR' }, { a: 'BIGINT' }, { a: 'BIGINT', b: 'VARCHAR' }],
    [
      'a wider type',
      { a: 'INTEGER', d: 'DATE', f: 'FLOAT' },
      { a: 'BIGINT', d: 'TIMESTAMP', f: 'DOUBLE' },
      { a: 'BIGINT', d: 'TIMESTAMP', f: 'DOUBLE' },
    ],
    [
      'a narrower type',
      { a: 'BIGINT', d: 'TIMESTAMP', t: 'VARCHAR' },
      { a: 'INTEGER', d: 'DATE', t: 'BOOLEAN' },
      { a: 'BIGINT', d: 'TIMESTAMP', t: 'VARCHAR' },
    ],
  ])('takes a file with %s', (_, known, arrived, columns) => {
    expect(evolve(known, arrived)).toEqual({ columns });
  });

  it.each([
    ['whole numbers become fractions that cannot hold them', { a: 'BIGINT' }, { a: 'DOUBLE' }],
    ['numbers become texts', { a: 'INTEGER' }, { a: 'VARCHAR' }],
    ['a time becomes a number', { a: 'TIMESTAMP' }, { a: 'BIGINT' }],
  ])('refuses one in which %s', (_, known, arrived) => {
    expect(evolve(known, arrived)).toEqual({ problem: expect.stringContaining('a is') });
  });

  it('has names that need no quotes, and types that other tools know', () => {
    expect(['Number of items', 'productId', '2024', 'Ünit'].map(columnName)).toEqual(['number_of_items', 'product_id', 'c_2024', 'nit']);
    expect(['BIGINT', 'STRUCT(a INTEGER)', 'TIMESTAMP WITH TIME ZONE', 'HUGEINT', 'TIME'].map(columnType)).toEqual([
      'BIGINT',
      'VARCHAR',
      'TIMESTAMP',
      'VARCHAR',
      'VARCHAR',
    ]);
  });
});
