import { referencedSsmNames, resolveReferences } from './dynamic-references.ts';

const sources = {
  ssm: (name: string) => ({ '/bus': 'larder' })[name],
  secret: async (id: string, key?: string) => ({ 'psp/key': '{"user":"u"}', 'psp/key#user': 'u' })[key === undefined ? id : `${id}#${key}`],
};

describe('resolveReferences', () => {
  it.each([
    ['{{resolve:ssm:/bus}}', 'larder'],
    ['{{resolve:ssm:/bus:3}}-x', 'larder-x'],
    ['{{resolve:ssm-secure:/bus}}', 'larder'],
    ['{{resolve:secretsmanager:psp/key}}', '{"user":"u"}'],
    ['{{resolve:secretsmanager:psp/key:SecretString:user}}', 'u'],
    ['a {{resolve:ssm:/bus}} b {{resolve:ssm:/bus}}', 'a larder b larder'],
  ])('resolves %s', async (text, expected) => {
    await expect(resolveReferences({ deep: [text] }, sources)).resolves.toEqual({ deep: [expected] });
  });

  it('names what is missing', async () => {
    await expect(resolveReferences('{{resolve:ssm:/gone}}', sources)).rejects.toThrow('/gone');
    await expect(resolveReferences('{{resolve:secretsmanager:gone:SecretString:k}}', sources)).rejects.toThrow(
      'secret gone with the key k',
    );
  });
});

it('finds the SSM names of a template before it is evaluated', () => {
  expect(referencedSsmNames({ A: { 'Fn::Sub': '{{resolve:ssm:/a/b:1}}' }, B: '{{resolve:secretsmanager:x}}' })).toEqual(['/a/b']);
});
