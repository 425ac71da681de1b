import { Command } from 'commander';
import { clientOf } from './client.ts';

export function tokenCommand(): Command {
  return new Command('token')
    .description('Prints a bearer token for somebody, as if they had signed in.')
    .argument('<email>')
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "authorization: Bearer $(npm run -s local -- token ann@example.com)" http://localhost:4000/orders',
    )
    .action(async (email: string, _options: object, command: Command) => {
      const { token } = await clientOf(command).post<{ token: string }>('/_local/token', { email });
      console.log(token);
    });
}
