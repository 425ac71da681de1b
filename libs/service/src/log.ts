import { optionalVariable } from './environment.ts';
import { current } from './invocation.ts';

/**
 * What a log line may carry beside its message: ids and figures, by name. Everything else is left out, and the line says so, so that nothing personal gets into a log
 * because somebody once passed a whole body.
 */
export type LogField =
  | `${string}Id`
  | 'attempt'
  | 'code'
  | 'count'
  | 'durationMs'
  | 'field'
  | 'name'
  | 'operation'
  | 'reason'
  | 'retryInSeconds'
  | 'route'
  | 'service'
  | 'status'
  | 'subject'
  | 'type';

export type LogFields = { readonly [Name in LogField]?: string | number | boolean | undefined };

type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/**
 * Structured logs: one JSON line each, with the ids of the work at hand. The message is a fixed text; what varies goes into the fields.
 * `LOG_LEVEL` (or Lambda's own `AWS_LAMBDA_LOG_LEVEL`) is `DEBUG`, `INFO` (when absent), `WARN` or `ERROR`.
 */
export const log = {
  debug: (message: string, fields?: LogFields): void => write('DEBUG', message, fields),
  info: (message: string, fields?: LogFields): void => write('INFO', message, fields),
  warn: (message: string, fields?: LogFields, error?: unknown): void => write('WARN', message, fields, error),
  error: (message: string, fields?: LogFields, error?: unknown): void => write('ERROR', message, fields, error),
};

const weights: Readonly<Record<string, number>> = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 4 };
const allowed: ReadonlySet<string> = new Set<LogField>([
  'attempt',
  'code',
  'count',
  'durationMs',
  'field',
  'name',
  'operation',
  'reason',
  'retryInSeconds',
  'route',
  'service',
  'status',
  'subject',
  'type',
]);

function write(level: Level, message: string, fields: LogFields = {}, error?: unknown): void {
  const threshold = optionalVariable('LOG_LEVEL') ?? optionalVariable('AWS_LAMBDA_LOG_LEVEL') ?? 'INFO';
  if ((weights[level] ?? 0) < (weights[threshold.toUpperCase()] ?? 2)) return;
  const invocation = current();
  const { kept, dropped } = sift(fields);
  const line = {
    level,
    timestamp: new Date().toISOString(),
    message: clean(message),
    ...kept,
    ...(dropped.length > 0 && { dropped }),
    ...(error !== undefined && { error: toError(error) }),
    service: optionalVariable('SERVICE'),
    function: invocation?.functionName ?? optionalVariable('AWS_LAMBDA_FUNCTION_NAME'),
    requestId: invocation?.requestId,
    traceId: traceId(invocation?.traceHeader),
    correlationId: invocation?.correlationId,
    causationId: invocation?.causationId,
  };
  // Not the console: Lambda's would put its own prefix before the JSON.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function sift(fields: LogFields): { kept: Record<string, string | number | boolean>; dropped: string[] } {
  const kept: Record<string, string | number | boolean> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const known = allowed.has(name) || /^[a-z][A-Za-z]*Id$/.test(name);
    if (!known || !['string', 'number', 'boolean'].includes(typeof value)) dropped.push(name.slice(0, 40));
    // Another service's name would hide one's own.
    else kept[name === 'service' ? 'callee' : name] = typeof value === 'string' ? clean(value) : value;
  }
  return { kept, dropped };
}

interface LoggedError {
  readonly name: string;
  readonly code?: string | undefined;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: LoggedError | undefined;
}

function toError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'something else than an Error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // The frames only: a stack begins with the message.
  const stack = error.stack
    ?.split('\n')
    .filter((frame) => /^\s+at /.test(frame))
    .slice(0, 8)
    .join('\n');
  const cause = error.cause === undefined || depth >= 3 ? undefined : toError(error.cause, depth + 1);
  return { name: error.name, code, message: clean(error.message), stack, cause };
}

/** Bounded, and without addresses that somebody put into a text. */
function clean(text: string): string {
  // What the cut goes through may have been an address.
  const bounded = text.length > 500 ? text.slice(0, 500).replace(/[^\s@"'<>]+@?$/, '…') : text;
  return bounded.replaceAll(/[^\s@"'<>]+@[^\s@"'<>]+/g, '[address]');
}

function traceId(header: string | undefined): string | undefined {
  return header && /Root=([^;]+)/.exec(header)?.[1];
}
