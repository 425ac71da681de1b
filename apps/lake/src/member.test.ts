import { memberOf } from './member.ts';

const person = (id: string) => ({ kind: 'person', id }) as const;
const isMember = async (id: string) => id === 'ada';

describe('who may ask', () => {
  it('is who is a member, and nobody else', async () => {
    const member = memberOf({ everybody: false, isMember });
    expect([await member(person('ada')), await member(person('bob'))]).toEqual(['ada', undefined]);
  });

  it('is everybody who is signed in, where that is said', async () => {
    expect(await memberOf({ everybody: true, isMember })(person('bob'))).toBe('bob');
  });

  it('is a person in any case', async () => {
    const member = memberOf({ everybody: true, isMember });
    expect([await member({ kind: 'anonymous' }), await member({ kind: 'service', arn: 'arn:aws:iam::1:role/x' })]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
