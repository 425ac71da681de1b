import { Command } from 'commander';
import colors from 'picocolors';
import type { CloudStatus, ServiceStatus } from '../control/status.ts';
import { clientOf } from './client.ts';
import { table } from './format.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('Shows what runs: functions, routes, queues, topics, state machines, and what does not run here.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npm run local -- status --json')
    .action(async ({ json }: { json?: true }, command: Command) => {
      const status = await clientOf(command).get<CloudStatus>('/_local/status');
      console.log(json ? JSON.stringify(status, null, 2) : formatStatus(status));
    });
}

/** The state of the cloud for a terminal. */
export function formatStatus(status: CloudStatus): string {
  const head = table([
    ['AWS APIs', status.endpoint],
    ['HTTP APIs', status.gateway],
    ['State', status.stateDirectory ?? 'in memory'],
    ['IAM', status.iam === 'enforce' ? 'enforced' : 'warns only'],
  ]);
  return [head, ...status.services.map(formatService)].join('\n\n');
}

function formatService(service: ServiceStatus): string {
  const state = service.state === 'running' ? colors.green('running') : colors.red(service.state);
  const lines = [`${colors.bold(service.name)}  ${state}${service.problem === undefined ? '' : `  ${colors.red(service.problem)}`}`];
  if (service.functions.length > 0) lines.push(`  functions: ${service.functions.map(({ name }) => name).join(', ')}`);
  if (service.routes.length > 0) {
    const rows = service.routes.map((route) => [route.method, route.url, route.function ?? '', colors.dim(route.authorization)]);
    lines.push(table(rows, '  '));
  }
  if (service.queues.length > 0) {
    const rows = service.queues.map((queue) => [
      queue.name,
      `${queue.waiting} waiting`,
      `${queue.inFlight} in flight`,
      queue.deadLetterOf.length === 0 ? '' : colors[queue.waiting > 0 ? 'red' : 'dim']('dead letters'),
    ]);
    lines.push(table(rows, '  '));
  }
  if (service.topics.length > 0) {
    const rows = service.topics.map(({ name, subscriptions, waiting }) => [name, `${subscriptions} subscribe`, `${waiting} waiting`]);
    lines.push(table(rows, '  '));
  }
  if (service.machines.length > 0) {
    const rows = service.machines.map(({ name, running, failed }) => [
      name,
      `${running} running`,
      failed === 0 ? '' : colors.red(`${failed} failed`),
    ]);
    lines.push(table(rows, '  '));
  }
  if (service.readers.length > 0) {
    const rows = service.readers.map(({ functionName, stream, behindMs }) => [
      functionName,
      `reads ${stream}`,
      behindMs === 0 ? colors.dim('up to date') : `${(behindMs / 1000).toFixed(1)} s behind`,
    ]);
    lines.push(table(rows, '  '));
  }
  const notRun = Object.entries(service.notRunHere).map(([type, resources]) => `${type} (${resources.length})`);
  if (notRun.length > 0) lines.push(colors.dim(`  not run here: ${notRun.join(', ')}`));
  if (service.lastError) lines.push(`  last error: ${colors.red(service.lastError.message)} ${colors.dim(service.lastError.at)}`);
  return lines.join('\n');
}
