import { stripVTControlCharacters } from 'node:util';
import colors from 'picocolors';
import { readLogLine, type LoggedError } from '../control/log-line.ts';
import type { Activity } from '../kernel/kernel.ts';

/** Members of a structured log line that say nothing on a terminal: they are in the line's own columns, or ids. */
const QUIET = new Set([
  'timestamp',
  'time',
  'service',
  'function_name',
  'function_arn',
  'function_memory_size',
  'sampling_rate',
  'cold_start',
  'function',
  'traceId',
  'xray_trace_id',
  'correlationId',
  'causationId',
]);
const FRAMES = 3;
/** Code that nobody here wrote: packages, Node itself, and what calls a handler. */
const FOREIGN = /node_modules|\bnode:|\(<anonymous>\)|\/lambda\/runtime\.[jt]s/;
const OUTCOMES = { ok: 'done', error: 'failed', timeout: 'timed out', crash: 'crashed', throttled: 'throttled' };

/** One activity as a line for a terminal: time, service, function, level, message. Under it, indented, an error and where it comes from. */
export function formatActivity(activity: Activity): string {
  const time = colors.dim(new Date(activity.at).toISOString().slice(11, 23));
  switch (activity.kind) {
    case 'log': {
      const { level, message, details, error } = readLogLine(activity.line);
      const rest = Object.entries(details).filter(([name]) => !QUIET.has(name));
      const more = rest.length === 0 ? '' : colors.dim(` ${rest.map(([name, value]) => `${name}=${show(value)}`).join(' ')}`);
      return `${time} ${who(activity.service, shortName(activity))} ${formatLevel(level)} ${clean(message)}${more}${error ? formatError(error) : ''}`;
    }
    case 'invocation': {
      const after = `after ${Math.round(activity.durationMs)} ms, called by ${activity.trigger}`;
      return `${time} ${who(activity.service, shortName(activity))} ${formatLevel(activity.outcome === 'ok' ? 'INFO' : 'ERROR')} ${OUTCOMES[activity.outcome]} ${colors.dim(after)}`;
    }
    case 'denied': {
      const level = formatLevel(activity.enforced ? 'ERROR' : 'WARN');
      return `${time} ${who('iam', activity.functionName)} ${level} ${activity.enforced ? '' : 'would be denied: '}${clean(activity.reason)}`;
    }
    case 'notice':
      return `${time} ${who(activity.service ?? 'local')} ${formatLevel(activity.level.toUpperCase())} ${clean(activity.message)}`;
    case 'request': {
      const status =
        activity.status >= 500
          ? colors.red(activity.status)
          : activity.status >= 400
            ? colors.yellow(activity.status)
            : colors.green(activity.status);
      return `${time} ${who(activity.service)} ${activity.method} ${clean(activity.path)} ${status} ${colors.dim(`${Math.round(activity.durationMs)} ms`)}`;
    }
    case 'event': {
      const { source, 'detail-type': type } = activity.event;
      const rules =
        activity.matchedRules.length === 0 ? colors.yellow('no rule matches') : colors.dim(`→ ${activity.matchedRules.join(', ')}`);
      return `${time} ${who(activity.bus)} ${clean(String(source))} ${colors.bold(clean(String(type)))} ${rules}`;
    }
  }
}

/** Rows under each other, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, width(cell))), []);
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - width(cell)))).join('  ');
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join('\n');
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

function who(service: string, name?: string): string {
  return colors.cyan(name === undefined ? service : `${service}/${name}`);
}

/** `placeOrder` of `orders-local-placeOrder`. */
function shortName({ service, functionName }: { service: string; functionName: string }): string {
  return functionName.startsWith(`${service}-`) ? functionName.slice(service.length + 1).replace(/^[^-]+-/, '') : functionName;
}

function formatLevel(level: string): string {
  if (level === 'ERROR' || level === 'FATAL' || level === 'CRITICAL') return colors.red(level);
  return level === 'WARN' ? colors.yellow(level) : colors.dim(level);
}

/** What is wrong, and the innermost lines of one's own code; `logs --json` has the rest. */
function formatError({ name, message, frames, cause }: LoggedError, label = ''): string {
  const own = frames.filter((frame) => !FOREIGN.test(frame)).slice(0, FRAMES);
  const lines = [`${label}${colors.red(name)}: ${clean(message)}`, ...own.map((frame) => `  ${colors.dim(clean(toPlace(frame)))}`)];
  return lines.map((line) => `\n    ${line}`).join('') + (cause ? formatError(cause, 'because of ') : '');
}

/** Paths as somebody types them who stands in the folder, or in that of the service when the code is an unpacked archive. */
function toPlace(frame: string): string {
  return frame
    .replace('file://', '')
    .replace(`${process.cwd()}/`, '')
    .replace(/(?<=[( ])[^( ]*\.larder\/state\//, '');
}

function show(value: unknown): string {
  return clean(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What a function writes must not move the terminal's cursor. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f]/g, ' ');
}
