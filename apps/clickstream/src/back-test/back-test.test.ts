import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'larder-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const span = ['--from', '2026-11-02T09:00:00Z', '--to', '2026-11-02T11:00:00Z'];
const file = (name: string, ...lines: string[]): string => {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
};
const viewed = (at: number) =>
  JSON.stringify({
    id: `e-${at}`,
    time: new Date(Date.UTC(2026, 10, 2, 9, 30, at / 2)).toISOString(),
    type: 'product.viewed',
    sessionId: 's-1',
    productId: `p-${at}`,
  });

describe('npm run backtest', () => {
  it('says what a rule would have found in a file', () => {
    const events = file('events.ndjson', ...Array.from({ length: 70 }, (_, at) => viewed(at)), viewed(3));
    const { status, stdout } = run('--rule', 'price-scraping', '--events', events, '--json', ...span);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      events: 70,
      duplicates: 1,
      alerts: [{ ruleId: 'price-scraping', key: { sessionId: 's-1' } }],
    });
    expect(run('--events', events, ...span).stdout).toMatch(/price-scraping@1 +1 alerts, 1 keys/);
  });

  it('tries a rule of a file, and says what is wrong with one that is none', () => {
    const rule = {
      ...{ id: 'looks', version: 1, description: 'Looks.', severity: 'info', key: ['sessionId'], coolDownMs: 60_000, evidence: 1 },
      window: { kind: 'tumbling', size: 60_000 },
      condition: { kind: 'threshold', of: { types: ['product.viewed'] }, measure: 'events', atLeast: 1 },
    };
    const events = file('one.ndjson', viewed(1));
    const good = run('--rule', file('rule.json', JSON.stringify(rule)), '--events', events, '--json', ...span);
    expect(JSON.parse(good.stdout)).toMatchObject({ alerts: [{ ruleId: 'looks' }] });
    const bad = run('--rule', file('bad.json', JSON.stringify({ ...rule, version: 0 })), '--events', events);
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining('version')]);
    expect(run('--rule', 'nothing', '--events', events)).toMatchObject({ status: 2, stderr: expect.stringContaining('price-scraping') });
  });

  it('names the line that is no event, and the place where nobody answers', () => {
    expect(run('--events', file('broken.ndjson', viewed(1), '{'), ...span)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('broken.ndjson:2'),
    });
    expect(run('--endpoint', 'http://127.0.0.1:9', ...span)).toMatchObject({ status: 1, stderr: expect.stringContaining('npm start') });
    expect(run('--from', 'yesterday')).toMatchObject({ status: 2 });
  });
});
