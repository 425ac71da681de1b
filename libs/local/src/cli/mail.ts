import { Command } from 'commander';
import colors from 'picocolors';
import type { StoredMail } from '../ses/mailbox.ts';
import { clientOf } from './client.ts';
import { clean } from './format.ts';

export function mailCommand(): Command {
  const command = new Command('mail').description('Shows the mail that was sent: it goes to a mailbox here, and to nobody.');
  command
    .command('list')
    .description('Lists mail, oldest first.')
    .argument('[address]', 'only from or to this address')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npm run local -- mail list ann@example.com')
    .action(async (address: string | undefined, { json }: { json?: true }, self: Command) => {
      const query = address === undefined ? '' : `?${new URLSearchParams({ email: address })}`;
      const { messages } = await clientOf(self).get<{ messages: readonly StoredMail[] }>(`/_aws/ses${query}`);
      if (json) console.log(JSON.stringify(messages, null, 2));
      else console.log(messages.length === 0 ? 'The mailbox is empty.' : messages.map(formatMail).join('\n\n'));
    });
  return command;
}

/** A mail for a terminal. */
export function formatMail(mail: StoredMail): string {
  const to = mail.Destination.ToAddresses.join(', ');
  return [
    `${colors.dim(mail.Timestamp)} ${mail.Source} → ${colors.cyan(to)}`,
    colors.bold(clean(mail.Subject ?? '(no subject)')),
    clean(mail.Body.text_part ?? mail.Body.html_part ?? ''),
  ].join('\n');
}
