import { Command, InvalidArgumentError } from 'commander';
import { type Misbehaviour, misbehaviours, misbehaving } from './misbehaviour.ts';
import { shipments } from './shipments.ts';
import { randomOf, visitors } from './visitors.ts';

/** A request has as many events as the API takes. */
const mostEvents = 100;
const tick = 100;
const attempts = 5;

interface Options {
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  readonly url: string;
  readonly misbehave: readonly Misbehaviour[];
  readonly json?: true;
}

const number = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

await new Command('traffic')
  .description(
    'Lifelike visitors for the shop: power-law products, searches, baskets and robots; some events come twice, late, or are none.',
  )
  .option('--rate <events>', 'events a second', number(1, 100_000), 200)
  .option('--seconds <seconds>', 'how long', number(1, 86_400), 20)
  .option('--seed <seed>', 'the same seed, the same visitors', number(0, 2 ** 32 - 1), 1)
  .option('--url <url>', 'where the APIs answer', 'http://localhost:4000')
  .option('--misbehave <kinds>', `some misbehave, between commas: ${Object.keys(misbehaviours).join(', ')}`, kinds, [])
  .option('--json', 'end with one line of JSON')
  .addHelpText('after', '\nExit codes: 0 when all was taken that is good, 1 when it was not, 2 for options that are not understood.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run)
  .parseAsync();

function kinds(text: string): Misbehaviour[] {
  const named = text.split(',').map((kind) => kind.trim());
  if (named.every((kind): kind is Misbehaviour => Object.hasOwn(misbehaviours, kind))) return named;
  throw new InvalidArgumentError(`There are ${Object.keys(misbehaviours).join(', ')}.`);
}

async function run({ rate, seconds, seed, url, misbehave, json }: Options): Promise<void> {
  const random = randomOf(seed);
  const products = await productsAt(url);
  const well = visitors(products, random);
  const visits = misbehave.length > 0 ? misbehaving(well, misbehave, products, random) : well;
  const { sent, next } = shipments(random);
  const underWay = new Set<Promise<void>>();
  const failures: string[] = [];
  const begin = performance.now();
  for (let done = 0; done < rate * seconds;) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - begin) / 1000) * rate));
    while (done < due) {
      const events = Array.from({ length: Math.min(mostEvents, due - done) }, () => next(() => visits.next().value, Date.now()));
      done += events.length;
      const work = send(url, events)
        .then((accepted) => void (sent.accepted += accepted))
        .catch((error: Error) => void failures.push(error.message))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
    if (!json) process.stdout.write(`\r${done} of ${rate * seconds} events, ${underWay.size} requests under way   `);
    // Nobody is asked for more than they answer: the rate falls instead.
    while (underWay.size > 64) await Promise.race(underWay);
    await new Promise((resolve) => setTimeout(resolve, tick));
  }
  await Promise.all(underWay);
  if (!json) process.stdout.write('\n');
  process.stdout.write(json ? `${JSON.stringify(sent)}\n` : `${toText(sent)}\n`);
  for (const failure of new Set(failures)) process.stderr.write(`${failure}\n`);
  process.exitCode = failures.length > 0 || sent.accepted !== sent.unique + sent.duplicates ? 1 : 0;
}

/** Sends events until they are taken: with the same ids it does no harm. */
async function send(url: string, events: readonly object[]): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = JSON.stringify({ events });
      const answer = await fetch(`${url}/clickstream/events`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      const told = (await answer.json()) as { accepted?: number; detail?: string };
      if (answer.status === 202) return told.accepted ?? 0;
      throw new Error(`The events were not taken: ${answer.status} ${told.detail ?? ''}`);
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
    }
  }
}

/** What is sold, in the shop's own order. */
async function productsAt(url: string): Promise<string[]> {
  const advice = `No shop answers at ${url}: start one with npm start, or name another with --url.`;
  const answer = await fetch(`${url}/catalog/products?limit=100`).catch(() => undefined);
  if (!answer?.ok) {
    process.stderr.write(`${advice}\n`);
    process.exit(1);
  }
  return ((await answer.json()) as { items: { productId: string }[] }).items.map(({ productId }) => productId);
}

function toText({ sent, unique, duplicates, late, malformed, accepted }: ReturnType<typeof shipments>['sent']): string {
  return `${sent} sent: ${unique} events (${late} of them late), ${duplicates} once more, ${malformed} that are none. ${accepted} were taken.`;
}
