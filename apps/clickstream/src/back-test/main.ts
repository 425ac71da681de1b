import { readFile } from 'node:fs/promises';
import { optionalVariable } from '@larder/service/environment';
import { backTest } from '@larder/streaming/rules/back-test';
import { readRule, type Rule, RuleError } from '@larder/streaming/rules/rule';
import type { Timed } from '@larder/streaming/rules/watch';
import { Command, InvalidArgumentError } from 'commander';
import { rules } from '../rules/index.ts';
import { ofFile, ofLake } from './history.ts';

interface Options {
  readonly rule?: string;
  readonly from: Date;
  readonly to: Date;
  readonly events?: string;
  readonly url: string;
  readonly endpoint: string;
  readonly json?: true;
}

const date = (text: string): Date => {
  const read = new Date(text);
  if (!Number.isNaN(read.getTime())) return read;
  throw new InvalidArgumentError('Write a time as 2026-11-27T09:00:00Z.');
};

await new Command('backtest')
  .description('Tries rules on what visitors have done: the alerts that there would have been.')
  .option(
    '--rule <name or file>',
    'one of the rules that stand in apps/clickstream/src/rules, or a file with one as JSON; all of them unless told',
  )
  .option('--from <time>', 'the first moment', date, new Date(Date.now() - 24 * 60 * 60_000))
  .option('--to <time>', 'the moment after the last', date, new Date())
  .option('--events <file>', 'events of a file instead of those of the lake: one a line, as JSON')
  .option('--url <url>', 'where the APIs answer', 'http://localhost:4000')
  .option('--endpoint <url>', 'where the laptop cloud gives a token, unless LARDER_TOKEN has one', 'http://localhost:4566')
  .option('--json', 'end with one line of JSON')
  .addHelpText('after', '\nExit codes: 0; 1 when the history could not be read; 2 for options and rules that are not understood.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run)
  .parseAsync();

async function run({ rule, from, to, events, url, endpoint, json }: Options): Promise<void> {
  const tried = rule === undefined ? rules : [await ruleOf(rule)];
  const span = { from, to };
  const history: Timed[] = [];
  try {
    for await (const one of events === undefined ? ofLake(url, await tokenOf(endpoint), span) : ofFile(events, span)) history.push(one);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
    return;
  }
  const { alerts, rules: histories, ...sums } = backTest({ rules: tried, until: to.getTime(), pointMs: 60_000 })(history);
  if (json) return void process.stdout.write(`${JSON.stringify({ ...sums, rules: histories, alerts })}\n`);
  process.stdout.write(`${sums.events} events from ${from.toISOString()} to ${to.toISOString()}, ${sums.duplicates} of them twice\n\n`);
  for (const { rule: name, alerts: count, keys } of histories)
    process.stdout.write(`${name.padEnd(24)} ${String(count).padStart(5)} alerts, ${keys} keys\n`);
  for (const { window, ruleId, key, measured, limit } of alerts) {
    const who = Object.values(key).join(' ') || 'the shop';
    process.stdout.write(
      `\n${new Date(window.to).toISOString()}  ${ruleId.padEnd(18)} ${who.padEnd(24)} ${Math.round(measured * 100) / 100} of ${limit}`,
    );
  }
  if (alerts.length > 0) process.stdout.write('\n');
}

async function ruleOf(given: string): Promise<Rule> {
  const known = rules.find(({ id }) => id === given);
  if (known) return known;
  try {
    return readRule(JSON.parse(await readFile(given, 'utf8')));
  } catch (error) {
    const reason =
      error instanceof RuleError
        ? error.message
        : `${given} is neither a rule (${rules.map(({ id }) => id).join(', ')}) nor a file with one.`;
    process.stderr.write(`${reason}\n`);
    process.exit(2);
  }
}

/** Of whoever tries: from the environment, or the laptop cloud's own. */
async function tokenOf(endpoint: string): Promise<string> {
  const given = optionalVariable('LARDER_TOKEN');
  if (given) return given;
  const advice = `No laptop cloud answers at ${endpoint}: start one with npm start, or set LARDER_TOKEN.`;
  const body = JSON.stringify({ email: 'backtest@example.com' });
  const answer = await fetch(`${endpoint}/_local/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(
    () => undefined,
  );
  if (!answer?.ok) throw new Error(advice);
  return ((await answer.json()) as { token: string }).token;
}
