/** A line that a function wrote. */
export interface LogLine {
  /** Upper case: `INFO`. */
  readonly level: string;
  readonly message: string;
  readonly error?: LoggedError | undefined;
  /** The other members of a structured line. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface LoggedError {
  readonly name: string;
  readonly message: string;
  /** `at reserve (/shop/src/stock.ts:12:3)`, the innermost first. */
  readonly frames: readonly string[];
  readonly cause?: LoggedError | undefined;
}

const CAUSES = 3;
/** What Lambda's runtime for Node.js writes when a handler throws, before the error as JSON. */
const THROWN =
  /^(?:[^\t]*\t[^\t]*\tERROR\t)?(Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Initialisation failed)\s*\t(\{.*)$/;

/** Reads a line: JSON with a level and a message, as Lambda and Powertools write it, an error as Lambda's runtime writes it, or text. */
export function readLogLine(line: string): LogLine {
  const [, label, thrown] = THROWN.exec(line) ?? [];
  const values = parse(thrown ?? line);
  if (values === undefined) return { level: /\bERROR\b/.test(line.slice(0, 120)) ? 'ERROR' : 'INFO', message: line, details: {} };
  if (label !== undefined || 'errorType' in values) return { level: 'ERROR', message: label ?? '', error: toError(values), details: {} };
  const { level, message, error, ...details } = values;
  const text = typeof message === 'string' ? message : message === undefined ? '' : JSON.stringify(message);
  const found = toError(error);
  return {
    level: typeof level === 'string' ? level.toUpperCase() : 'INFO',
    message: text,
    error: found,
    details: error === undefined || found ? details : { ...details, error },
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Reads an error as Lambda writes it (`errorType`, `errorMessage`, `trace`), or as loggers do (`name`, `message`, `stack`). */
function toError(value: unknown, depth = 0): LoggedError | undefined {
  if (typeof value !== 'object' || value === null || depth > CAUSES) return undefined;
  const { name, errorType = name, message, errorMessage = message, code, stack, trace = stack, cause, reason = cause } = value as Members;
  if (typeof errorType !== 'string' || typeof errorMessage !== 'string') return undefined;
  const lines = Array.isArray(trace) ? trace.map(String) : typeof trace === 'string' ? trace.split('\n') : [];
  return {
    name: typeof code === 'string' && code !== errorType ? `${errorType} ${code}` : errorType,
    message: errorMessage,
    frames: lines.map((line) => line.trim()).filter((line) => line.startsWith('at ')),
    cause: toError(reason, depth + 1),
  };
}

type Members = Readonly<Record<string, unknown>>;
