import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { aggregated, framed, frontDoor, oneByOne, type Workload } from './designs.ts';
import { shardsFor } from './limits.ts';
import { frameRatio, measured } from './measured.ts';
import { sparkline, toSvg } from './picture.ts';
import { prices } from './prices-2026-11.ts';
import { dayOf, simulate, summarize } from './simulate.ts';

const number = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
};

interface Options extends Workload {
  readonly hot: number;
  readonly rush: number;
  readonly mode: 'provisioned' | 'on-demand';
  readonly svg?: string;
  readonly json?: true;
}

await new Command('cost')
  .description('What a stream of events costs on AWS in a month, as frames, as KPL aggregates and one by one; and how a day of it goes.')
  .option('--rate <events>', 'events a second at the peak', number(1, 100_000_000), 300_000)
  .option('--size <bytes>', 'of an event', number(20, 20_000), 200)
  .option('--average <share>', 'of the peak that an average second has', number(0.01, 1), 0.48)
  .option('--batch <events>', 'that are sent together: what a producer collects, or a page sends at once', number(1, 10_000), 1000)
  .option('--window <seconds>', "that a consumer's batch is collected", number(1, 300), 1)
  .option('--mode <mode>', 'of the stream in the simulated day: provisioned or on-demand', mode, 'provisioned')
  .option('--hot <share>', 'of all events that have one key', number(0, 0.5), 0.01)
  .option('--rush <factor>', 'by which ten minutes of the evening exceed the peak', number(1, 20), 2)
  .option('--svg <file>', 'draw the day')
  .option('--json', 'one line of JSON')
  .addHelpText('after', `\nPrices of November 2026, us-east-1. Exit codes: 0, and 2 for options that are not understood.`)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run)
  .parseAsync();

function mode(text: string): Options['mode'] {
  if (text === 'provisioned' || text === 'on-demand') return text;
  throw new InvalidArgumentError('It must be provisioned or on-demand.');
}

function run({ svg, json, hot, rush, mode, ...workload }: Options): void {
  const designs = [framed(workload), aggregated(workload), oneByOne(workload)];
  const load = dayOf({ ...workload, rush });
  const outage = [12 * 3600, 12 * 3600 + 300] as const;
  const bytes = workload.size * frameRatio(workload.batch);
  const day = {
    ...{ load, hot, mode, outage, readers: 2, buffer: 256 * 1024 ** 2, consumed: measured.consumed },
    ...{ bytes, records: 1 / workload.batch },
    // Half full at midnight.
    shards: shardsFor((2 * (load[0] ?? 0)) / workload.batch, 2 * (load[0] ?? 0) * bytes),
  };
  const history = simulate(day);
  const summary = summarize(history, outage[1]);
  if (svg !== undefined) writeFileSync(svg, toSvg(history, load));
  if (json)
    return void process.stdout.write(`${JSON.stringify({ workload, prices, designs, frontDoor: frontDoor(workload), day: summary })}\n`);

  const perDay = workload.rate * workload.average * 86_400;
  print(
    `${whole(workload.rate)} events a second at the peak, ${whole(perDay)} a day, of ${workload.size} bytes; a month of 30 days in us-east-1.`,
  );
  print();
  print(row(['', 'dollars', 'for a million', 'shards', 'at once', 'files a day', 'GB a day']));
  for (const { name, usd, usdPerMillion, shards, concurrency, filesADay, bytesADay } of designs)
    print(
      row([name, whole(usd), usdPerMillion.toFixed(4), whole(shards), whole(concurrency), whole(filesADay), whole(bytesADay / 1024 ** 3)]),
    );
  for (const { name, lines } of designs) {
    print(`\n${name}`);
    for (const { what, units, of, usd } of lines.toSorted((a, b) => b.usd - a.usd))
      print(
        `  ${what.padEnd(28)} ${whole(usd).padStart(12)}  ${units.toLocaleString('en', { maximumFractionDigits: 2 })} × $${prices[of].usd} a ${prices[of].per}`,
      );
  }
  const door = frontDoor(workload);
  print(
    `\nOver HTTP, ${whole(workload.batch)} events a request, come in for ${whole(door.reduce((sum, { usd }) => sum + usd, 0))} dollars more, whatever the design.`,
  );
  print(`\nA day, ${mode}: consumers fail at noon for five minutes, and the evening has a rush of ${rush} times the peak`);
  print(`  events    ${sparkline(load)}`);
  print(`  shards    ${sparkline(history.map((second) => second.shards))}  ${summary.shards.join(' to ')}`);
  print(`  throttled ${sparkline(history.map((second) => second.throttled))}  ${summary.throttledGb.toFixed(1)} GB sent again`);
  print(`  lag       ${sparkline(history.map((second) => second.lag))}  at most ${whole(summary.mostLagSeconds)} s`);
  print(
    `  ${whole(summary.produced)} produced, ${whole(summary.consumed)} consumed, ${whole(summary.refused)} refused; ${summary.caughtUpSeconds === undefined ? 'not caught up by midnight' : `caught up ${whole(summary.caughtUpSeconds)} s after the outage`}.`,
  );
}

function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(20) : cell.padStart(14))).join('');
}
