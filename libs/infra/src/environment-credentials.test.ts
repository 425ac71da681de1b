import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { environmentCredentials } from './environment-credentials.ts';

test('a client of the SDK brings only the credentials of the environment', async () => {
  const contents = `import { SSMClient } from '@aws-sdk/client-ssm';\nexport const client = () => new SSMClient();\n`;
  const resolveDir = fileURLToPath(new URL('../../service/src', import.meta.url));
  const options = { bundle: true, write: false, metafile: true, platform: 'node', format: 'esm' } as const;
  const inputsOf = async (plugins: (typeof environmentCredentials)[]): Promise<string[]> => {
    const { metafile } = await build({ ...options, mainFields: ['module', 'main'], stdin: { contents, resolveDir }, plugins });
    return Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
  };
  const [chain, ours] = await Promise.all([inputsOf([]), inputsOf([environmentCredentials])]);
  expect(chain.join()).toMatch(/credential-provider-sso/);
  expect(ours.join()).toMatch(/credential-provider-env/);
  expect(ours.join()).not.toMatch(/credential-provider-(sso|ini|imds|process|http|web-identity|login)/);
});
