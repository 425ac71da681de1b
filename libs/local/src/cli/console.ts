import colors from 'picocolors';
import type { CloudStatus } from '../control/status.ts';
import { readLogLine } from '../control/log-line.ts';
import type { Activity } from '../kernel/kernel.ts';
import { formatActivity, table } from './format.ts';

/** What `up` writes while it runs. */
export interface Console {
  activity(activity: Activity): void;
  ready(status: CloudStatus, ms: number): void;
  /** Says that the cloud ends. What functions that were interrupted say from now on is no news: they are called again. */
  ending(): void;
}

/** With `json`, standard output gets one line, when the cloud is ready, and everything else goes to standard error. */
export function createConsole({ json = false, quiet = false }: { readonly json?: boolean; readonly quiet?: boolean }): Console {
  const write = (text: string): void => void (json ? process.stderr : process.stdout).write(`${text}\n`);
  let ending = false;
  return {
    activity(activity) {
      if (ending && isOfFunction(activity)) return;
      if (isWorthALine(activity, quiet || json)) write(formatActivity(activity));
    },
    ready(status, ms) {
      if (!quiet) write(formatReady(status, ms));
      if (json) process.stdout.write(`${JSON.stringify(readyLine(status, ms))}\n`);
    },
    ending() {
      ending = true;
      if (!quiet) write('Ending…');
    },
  };
}

function isOfFunction({ kind }: Activity): boolean {
  return kind === 'log' || kind === 'invocation' || kind === 'request';
}

/** Warnings and errors always; requests and news of services where somebody reads along. `logs --follow` shows the rest. */
function isWorthALine(activity: Activity, quiet: boolean): boolean {
  switch (activity.kind) {
    case 'notice':
      return !quiet || activity.level !== 'info';
    case 'denied':
      return true;
    case 'invocation':
      // A throttled invocation is retried by whoever made it.
      return activity.outcome === 'timeout' || activity.outcome === 'crash';
    case 'log':
      return !quiet && /WARN|ERROR|FATAL/i.test(activity.line) && /^(WARN|ERROR|FATAL)/.test(readLogLine(activity.line).level);
    case 'request':
      return !quiet;
    case 'event':
      return false;
  }
}

function readyLine(status: CloudStatus, ms: number): object {
  const services = status.services.map(({ name, state, problem, url }) => ({ name, state, problem, url }));
  return { ready: true, endpoint: status.endpoint, gateway: status.gateway, ms, services };
}

function formatReady(status: CloudStatus, ms: number): string {
  const rows = status.services.map((service) => {
    const mark = service.state === 'running' ? colors.green('●') : colors.red('●');
    const routes = service.routes.length === 0 ? '' : `${service.routes.length} routes`;
    return [
      `  ${mark} ${service.name}`,
      service.url ?? '',
      `${service.functions.length} functions`,
      service.state === 'running' ? routes : colors.red(service.state),
    ];
  });
  return [
    '',
    table([
      ['  AWS APIs', colors.bold(status.endpoint), colors.dim('AWS_ENDPOINT_URL, for any SDK and the AWS CLI')],
      ['  HTTP APIs', colors.bold(status.gateway), colors.dim('<service>/<path>')],
    ]),
    '',
    table(rows),
    '',
    `  Ready in ${(ms / 1000).toFixed(1)} s. ${colors.dim('Edits take effect at the next invocation. Ctrl-C ends it.')}`,
    colors.dim('  In another terminal: npm run local -- status | logs --follow | events --follow | --help'),
    '',
  ].join('\n');
}
