import { AwsError } from '../kernel/aws-error.ts';
import type { Delivery, Target } from './model.ts';
import { jsonPath } from './json-path.ts';

const maximumVariables = 100;
const placeholder = /<([A-Za-z0-9_.-]+)>/g;

/** The text that a target gets for an event cannot be made, and trying again will not help. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/**
 * What a target gets: the event, a part of it (`InputPath`), a constant (`Input`) or a transformation (`InputTransformer`). JSON text.
 *
 * @throws {InvalidInput} the transformed text is no JSON.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(delivery: Delivery): string {
  const { target, event } = delivery;
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(jsonPath(event, target.InputPath) ?? null);
  if (!target.InputTransformer) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const values = new Map<string, unknown>(Object.entries(InputPathsMap).map(([name, path]) => [name, jsonPath(event, path)]));
  const { detail: _detail, ...withoutDetail } = event;
  values.set('aws.events.rule-arn', delivery.ruleArn);
  values.set('aws.events.rule-name', delivery.ruleName);
  values.set('aws.events.event', withoutDetail);
  values.set('aws.events.event.json', event);
  values.set('aws.events.event.ingestion-time', new Date(delivery.ingestedAt).toISOString());
  return fill(InputTemplate, values);
}

/**
 * Checks how a target makes its input, as PutTargets does.
 *
 * @throws {AwsError} `ValidationException`.
 */
export function checkTargetInput(target: Target): void {
  const given = [target.Input, target.InputPath, target.InputTransformer].filter((value) => value !== undefined);
  if (given.length > 1) throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  if (target.Input !== undefined && !isJson(target.Input)) throw invalid(`JSON syntax error in Input for target ${target.Id}.`);
  const transformer = target.InputTransformer;
  if (!transformer) return;
  const names = Object.keys(transformer.InputPathsMap ?? {});
  if (names.length > maximumVariables) throw invalid(`InputPathsMap of target ${target.Id} has more than ${maximumVariables} variables.`);
  if (names.some((name) => name.startsWith('aws.') || name.startsWith('AWS')))
    throw invalid(`InputPathsMap of target ${target.Id}: names that start with AWS are reserved.`);
  if (!transformer.InputTemplate) throw invalid(`InputTemplate of target ${target.Id} is required.`);
  const sample = new Map<string, unknown>(placeholderNames(transformer.InputTemplate).map((name) => [name, '']));
  try {
    fill(transformer.InputTemplate, sample);
  } catch {
    throw invalid(`Invalid InputTemplate for target ${target.Id}: it has to be JSON, and text has to stand in quotes.`);
  }
}

/** Variables outside of quotes become JSON values; those within a string become its text, which AWS does not escape. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  let filled = '';
  let position = 0;
  let quoted = false;
  for (const match of template.matchAll(placeholder)) {
    const before = template.slice(position, match.index);
    quoted = endsQuoted(before, quoted);
    const value = values.get(match[1] ?? '');
    filled += before + (quoted ? asText(value) : JSON.stringify(value ?? ''));
    position = match.index + match[0].length;
  }
  filled += template.slice(position);
  if (isJson(filled)) return JSON.stringify(JSON.parse(filled));
  // Several lines of quoted text are a template too.
  const lines = filled.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 0 && lines.every((line) => line.trim().startsWith('"') && isJson(line))) return filled;
  throw new InvalidInput('The input transformer made text that is not valid JSON.');
}

function endsQuoted(text: string, quotedBefore: boolean): boolean {
  let quoted = quotedBefore;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '"') quoted = !quoted;
  }
  return quoted;
}

/** Within a string an object stands without its quotes, so that the string goes on. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value).replaceAll('"', '') : String(value);
}

function placeholderNames(template: string): string[] {
  return [...template.matchAll(placeholder)].map((match) => match[1] ?? '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
