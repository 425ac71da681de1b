import { createContext, Script } from 'node:vm';
import { invalid } from './properties.ts';

/** Code that runs for every request of a behaviour. */
export interface EdgeFunction {
  readonly arn: string;
  readonly name: string;
  /**
   * Runs the handler on an event.
   *
   * @param log told what it writes with `console`
   * @throws {Error} what the code threw, or that it took too long, or returned what has no JSON form.
   */
  run(event: object, log: (line: string) => void): unknown;
}

/** Far more than CloudFront grants. It is time on the wall, and a laptop may have other things to do; an endless loop ends all the same. */
const MOST_MS = 2_000;

/**
 * Compiles a CloudFront Function. It runs in a context of its own for every event: no state, no timers, no network, no modules, no code from texts.
 * Only JSON goes in and comes out.
 *
 * @throws {AwsError} `InvalidArgument` for what has no handler, is no script, or imports something.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function compileEdgeFunction({ arn, name, code }: { arn: string; name: string; code: string }): EdgeFunction {
  if (/^\s*import\b/m.test(code) || /\brequire\s*\(/.test(code))
    throw invalid(`the function ${name} imports a module: none is there here, neither crypto nor querystring nor a key-value store.`);
  if (!/\bfunction\s+handler\s*\(|\bhandler\s*=/.test(code)) throw invalid(`the function ${name} has no handler(event).`);
  let script: Script;
  try {
    script = new Script(`'use strict';${code}\n${CALL}`, { filename: `${name}.js` });
  } catch (error) {
    throw invalid(`the function ${name} is no script: ${String(error)}`);
  }
  return {
    arn,
    name,
    run(event, log) {
      const context = createContext(Object.create(null) as object, {
        name,
        codeGeneration: { strings: false, wasm: false },
        // A promise that goes on for ever is ended by the time limit, too.
        microtaskMode: 'afterEvaluate',
      }) as Record<string, unknown>;
      context['input'] = JSON.stringify(event);
      script.runInContext(context, { timeout: MOST_MS });
      const { said, failure, output } = readOutcome(context['outcome']);
      said.forEach(log);
      if (failure !== undefined) throw new Error(failure);
      if (output === undefined) throw new Error('the handler returned nothing, or a promise that stays open');
      return JSON.parse(output) as unknown;
    },
  };
}

/** Texts are all that passes between the two worlds. */
const CALL = `;(() => {
  const given = globalThis.input;
  delete globalThis.input;
  const outcome = (globalThis.outcome = { said: '[]', failure: undefined, output: undefined });
  const lines = [];
  const text = (value) => (typeof value === 'string' ? value : value instanceof Error ? String(value.stack) : (JSON.stringify(value) ?? String(value)));
  const write = (...values) => {
    if (lines.length < 100) lines.push(values.map(text).join(' ').slice(0, 10000));
    outcome.said = JSON.stringify(lines);
  };
  globalThis.console = { log: write, error: write, warn: write, info: write, debug: write };
  const fail = (error) => { outcome.failure = text(error); };
  try {
    Promise.resolve(handler(JSON.parse(given))).then((result) => { outcome.output = JSON.stringify(result); }).catch(fail);
  } catch (error) { fail(error); }
})();`;

function readOutcome(value: unknown): { said: string[]; failure: string | undefined; output: string | undefined } {
  const { said, failure, output } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const lines: unknown = typeof said === 'string' ? JSON.parse(said) : [];
  return {
    said: Array.isArray(lines) ? lines.map(String) : [],
    failure: failure === undefined ? undefined : String(failure),
    output: typeof output === 'string' ? output : undefined,
  };
}
