import { AwsError } from '../kernel/aws-error.ts';
import { type Definition, maximumDefinitionBytes, type StateDefinition } from './model.ts';
import { checkResource } from './resource.ts';

/** `setTimeout` knows no longer time: 24.8 days. AWS waits for a year. */
const longestSeconds = Math.floor((2 ** 31 - 1) / 1000);

/** What the interpreter would pass over in silence, or get wrong, and is refused for that. */
const unsupportedFields = ['QueryLanguage', 'Assign', 'Output', 'Arguments', 'Items', 'Credentials'] as const;
const unsupportedOfMap = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailureCount', 'ToleratedFailurePercentage'] as const;

/**
 * A definition as the interpreter is given it. A task has the time that AWS gives it and not the interpreter's minute; the input of the execution is
 * that of the execution, in branches too and after a restart, which the interpreter makes that of the branch.
 *
 * @throws {AwsError} `InvalidDefinition`, with what does not run here.
 */
export function toDefinition(text: string): Definition {
  if (Buffer.byteLength(text) > maximumDefinitionBytes) throw invalid(`it is larger than ${maximumDefinitionBytes} bytes`);
  const definition = parse(text);
  if (definition['QueryLanguage'] !== undefined && definition['QueryLanguage'] !== 'JSONPath') throw invalid('JSONata does not run here');
  return prepared(definition as unknown as Definition, false);
}

/** Every state, those of branches and iterations too. Their names are unique. */
export function statesOf({ States }: Definition): [name: string, state: StateDefinition][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, StateDefinition],
    ...nested(state).flatMap(statesOf),
  ]);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)['States'] === 'object')
      return value as Record<string, unknown>;
  } catch (error) {
    throw invalid((error as Error).message);
  }
  throw invalid('it has no States');
}

function prepared(definition: Definition, inside: boolean): Definition {
  if ((definition.TimeoutSeconds ?? 0) > longestSeconds) throw invalid(`TimeoutSeconds is more than ${longestSeconds}`);
  const states = Object.entries(definition.States).map(([name, state]) => [name, preparedState(name, state, inside)] as const);
  return { ...definition, States: Object.fromEntries(states) };
}

function preparedState(name: string, given: StateDefinition, inside: boolean): StateDefinition {
  const { Branches, Iterator, ItemProcessor, ...own } = given;
  checkFields(name, given, inside ? JSON.stringify(own) : '');
  const state: Record<string, unknown> = rename(own);
  if (Array.isArray(Branches)) state['Branches'] = (Branches as Definition[]).map((each) => prepared(each, true));
  if (Iterator !== undefined) state['Iterator'] = prepared(Iterator as Definition, true);
  if (ItemProcessor !== undefined) state['ItemProcessor'] = prepared(ItemProcessor as Definition, true);
  if (given.Type === 'Task' && given['TimeoutSecondsPath'] === undefined)
    state['TimeoutSeconds'] = Math.min(Number(given['TimeoutSeconds'] ?? longestSeconds), longestSeconds);
  return state as StateDefinition;
}

function checkFields(name: string, state: StateDefinition, inside: string): void {
  const found = [...unsupportedFields, ...(state.Type === 'Map' ? unsupportedOfMap : [])].find((field) => state[field] !== undefined);
  if (found !== undefined && state[found] !== 'JSONPath') throw invalid(`${found} of the state ${name} does not run here`);
  const { ProcessorConfig } = (state['ItemProcessor'] ?? {}) as { ProcessorConfig?: { Mode?: string } };
  if (ProcessorConfig?.Mode === 'DISTRIBUTED') throw invalid(`the state ${name} is a distributed Map, which does not run here`);
  if (Number(state['Seconds'] ?? 0) > longestSeconds) throw invalid(`the state ${name} waits longer than ${longestSeconds} seconds`);
  if (state.Type === 'Pass' && 'Result' in state && !state['Result'])
    throw invalid(`the state ${name} has a Result that is null, false, 0 or empty, which does not run here: use Parameters`);
  if (inside.includes('$$.Map.'))
    throw invalid(`the state ${name} asks for $$.Map within the Map, which does not run here: use its ItemSelector`);
  if (JSON.stringify(withoutNested(state)).includes('$$.State.'))
    throw invalid(`the state ${name} asks for $$.State, which does not run here`);
  if (state.Type === 'Task') checkResource(name, String(state['Resource']));
}

function withoutNested({ Branches: _, Iterator: __, ItemProcessor: ___, ...own }: StateDefinition): object {
  return own;
}

/** @see RunContext of `interpreter.ts` */
function rename(state: object): Record<string, unknown> {
  const text = JSON.stringify(state).replaceAll(/\$\$\.Execution\.(Input|StartTime)\b/g, '$$$$.Began.$1');
  return JSON.parse(text) as Record<string, unknown>;
}

function nested(state: StateDefinition): Definition[] {
  const { Branches = [], Iterator, ItemProcessor } = state;
  return [...(Branches as Definition[]), ...[Iterator, ItemProcessor].filter((each): each is Definition => each !== undefined)];
}

/** `InvalidDefinition`, as a sentence about the definition. */
export function invalid(reason: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: ${reason}.`);
}
