import { readForm } from './query-form.ts';
import { toResultXml } from './query-xml.ts';

const read = (form: string) => readForm(new URLSearchParams(form));

test('a form has texts, lists and maps', () => {
  expect(read('Name=a.b&Tags.member.2.Key=z&Tags.member.1.Key=y&Tags.member.10.Key=x')).toEqual({
    Name: 'a.b',
    Tags: [{ Key: 'y' }, { Key: 'z' }, { Key: 'x' }],
  });
  expect(
    read('Attributes.entry.1.key=Policy&Attributes.entry.1.value=%7B%7D&Attributes.entry.2.key=Empty&Attributes.entry.2.value='),
  ).toEqual({
    Attributes: { Policy: '{}', Empty: '' },
  });
  expect(read('M.entry.1.Name=kind&M.entry.1.Value.DataType=String&M.entry.1.Value.StringValue=a%26b')).toEqual({
    M: { kind: { DataType: 'String', StringValue: 'a&b' } },
  });
});

test('names from outside are values and nothing else', () => {
  const input = read('__proto__.polluted=1&A.entry.1.key=__proto__&A.entry.1.value=x');
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
  expect(Object.keys(input['A'] as object)).toEqual(['__proto__']);
});

test.each(['A=1&A.b=2', 'A.b=2&A=1', `${'a.'.repeat(20)}b=1`])('%s is refused', (form) => {
  expect(() => read(form)).toThrow(expect.objectContaining({ code: 'MalformedQueryString' }));
});

test('an answer has its members as elements', () => {
  const result = { Topics: [{ Arn: 'a<b' }], Attributes: new Map([['k', 'v']]), NextToken: undefined };
  expect(toResultXml('List', 'urn:x', result, 'id')).toBe(
    '<ListResponse xmlns="urn:x"><ListResult><Topics><member><Arn>a&lt;b</Arn></member></Topics><Attributes><entry><key>k</key><value>v</value></entry></Attributes></ListResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ListResponse>',
  );
});
