import { Command } from 'commander';
import colors from 'picocolors';
import type { DeadLetter } from '../control/dead-letters.ts';
import type { CloudStatus } from '../control/status.ts';
import { clientOf } from './client.ts';
import { clean, table } from './format.ts';

export function deadLetterCommand(): Command {
  const command = new Command('dlq').description('Shows dead-letter queues, and sends what is in them back.');
  command
    .command('list')
    .description('Lists dead-letter queues and how many messages each holds.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npm run local -- dlq list')
    .action(async ({ json }: { json?: true }, self: Command) => {
      const status = await clientOf(self).get<CloudStatus>('/_local/status');
      const queues = status.services.flatMap(({ name, queues }) => queues.map((queue) => ({ service: name, ...queue })));
      const dead = queues.filter(({ deadLetterOf }) => deadLetterOf.length > 0);
      if (json) console.log(JSON.stringify(dead, null, 2));
      else
        console.log(
          dead.length === 0
            ? 'There are no dead-letter queues.'
            : table(
                dead.map(({ name, waiting, deadLetterOf }) => [
                  colors[waiting > 0 ? 'red' : 'green'](String(waiting)),
                  name,
                  colors.dim(`of ${deadLetterOf.join(', ')}`),
                ]),
              ),
        );
    });
  command
    .command('show')
    .description('Shows the messages of a queue without receiving them.')
    .argument('<queue>', 'its name')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npm run local -- dlq show <queue> --json')
    .action(async (queue: string, { json }: { json?: true }, self: Command) => {
      const messages = await clientOf(self).get<readonly DeadLetter[]>(`/_local/queues/${encodeURIComponent(queue)}/messages`);
      if (json) console.log(JSON.stringify(messages, null, 2));
      else console.log(messages.length === 0 ? 'The queue is empty.' : messages.map(formatMessage).join('\n\n'));
    });
  command
    .command('redrive')
    .description('Sends every message of a dead-letter queue back to where it failed.')
    .argument('<queue>', 'its name')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npm run local -- dlq redrive <queue>')
    .action(async (queue: string, { json }: { json?: true }, self: Command) => {
      const result = await clientOf(self).post<{ redriven: number }>(`/_local/queues/${encodeURIComponent(queue)}/redrive`);
      console.log(json ? JSON.stringify(result) : `${result.redriven} sent back.`);
    });
  return command;
}

/** A message for a terminal. */
export function formatMessage({ messageId, body, attributes, messageAttributes }: DeadLetter): string {
  const sent = new Date(Number(attributes['SentTimestamp'])).toISOString();
  const lines = [`${colors.bold(messageId)}  ${colors.dim(`sent ${sent}, received ${attributes['ApproximateReceiveCount'] ?? 0} times`)}`];
  for (const [name, { stringValue }] of Object.entries(messageAttributes))
    lines.push(`  ${name}: ${colors.yellow(clean(stringValue ?? '(bytes)'))}`);
  return [...lines, `  ${clean(body)}`].join('\n');
}
