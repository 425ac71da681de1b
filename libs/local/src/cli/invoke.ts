import { Command } from 'commander';
import { clientOf } from './client.ts';
import { readData } from './input.ts';

interface Invocation {
  readonly functionError?: string;
  readonly payload: unknown;
}

export function invokeCommand(): Command {
  return new Command('invoke')
    .description('Invokes a function and prints what it answers. The exit code is 1 when the function fails.')
    .argument('<service>')
    .argument('<function>', 'its key in serverless.yml')
    .option('-d, --data <json>', 'the event: JSON, @file, or - for standard input', '{}')
    .addHelpText('after', `\nExample:\n  npm run local -- invoke orders cancelLateOrders --data '{"time":"2026-01-01T00:00:00Z"}'`)
    .action(async (service: string, name: string, { data }: { data: string }, command: Command) => {
      const payload = readData(data);
      const result = await clientOf(command).post<Invocation>('/_local/invoke', { service, function: name, payload });
      console.log(JSON.stringify(result.payload, null, 2));
      if (result.functionError !== undefined) process.exitCode = 1;
    });
}
