import { Command } from 'commander';
import type { Activity } from '../kernel/kernel.ts';
import { clientOf, type Client } from './client.ts';
import { formatActivity } from './format.ts';

export function logsCommand(): Command {
  return new Command('logs')
    .description('Shows what functions wrote, of one service or of all: the newest 5,000 lines of each.')
    .argument('[service]')
    .option('-f, --follow', 'goes on showing what comes')
    .option('--json', 'as JSON, one line each')
    .addHelpText('after', '\nExample:\n  npm run local -- logs orders --follow')
    .action(async (service: string | undefined, { follow, json }: { follow?: true; json?: true }, command: Command) => {
      const query = new URLSearchParams(service === undefined ? {} : { service });
      await showActivities(clientOf(command), '/_local/logs', query, { follow, json });
    });
}

/** Prints activities that the cloud remembers, and with `follow` those that come. */
export async function showActivities(
  client: Client,
  path: string,
  query: URLSearchParams,
  { follow, json }: { follow?: boolean | undefined; json?: boolean | undefined },
): Promise<void> {
  const print = (activity: Activity): void => console.log(json ? JSON.stringify(activity) : formatActivity(activity));
  if (!follow) {
    for (const activity of await client.get<readonly Activity[]>(`${path}?${query}`)) print(activity);
    return;
  }
  query.set('follow', '1');
  for await (const activity of client.stream<Activity>(`${path}?${query}`)) print(activity);
}
