import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runServerless } from './run-serverless.ts';

describe('packaging with the Serverless Framework', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tool-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a tool that stands where the framework would. */
  const run = (tool: string, signal = new AbortController().signal): Promise<void> => {
    const at = join(folder, 'node_modules', 'serverless');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ bin: { serverless: 'tool.cjs' } }));
    writeFileSync(join(at, 'tool.cjs'), tool);
    const directory = join(folder, 'out');
    const source = { name: 'hello', folder, dependsOn: [], params: { colour: 'red' } };
    return runServerless(source, { stage: 'local', region: 'eu-west-1', directory, compileCache: join(folder, 'cache'), signal });
  };

  it('hands over stage, region, target and parameters', async () => {
    const expected = `package --stage local --region eu-west-1 --package ${join(folder, 'out')} --param colour=red`;
    await run(`if (process.argv.slice(2).join(' ') !== ${JSON.stringify(expected)}) process.exit(1)`);
  });

  it('says what the tool said about its failure, without its noise and its own stack', async () => {
    const said = ['Environment: linux', '', 'Error:', 'Cannot parse "serverless.yml"', '    at parse (/x/node_modules/y.js:1:2)'];
    await expect(run(`console.error(${JSON.stringify(said.join('\n'))}); process.exit(1)`)).rejects.toThrow(
      /^Cannot parse "serverless.yml"$/,
    );
  });

  it('ends a tool that has failed and stays because a plugin has left something open', async () => {
    await expect(run(`console.error('Build failed'); process.exitCode = 1; setInterval(() => {}, 1000);`)).rejects.toThrow('Build failed');
  }, 20_000);

  it('lets a tool that has not failed take its time', async () => {
    await run(`setTimeout(() => {}, 1_500)`);
  }, 20_000);

  it('ends the tool when it is told to', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 200);
    await expect(run('setInterval(() => {}, 1000)', ending.signal)).rejects.toThrow('aborted');
  });
});
