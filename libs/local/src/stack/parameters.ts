import type { TemplateParameter } from './template.ts';

/** Where parameter values come from: what the deployment gives, then the template's defaults; names are looked up in SSM. */
export interface ParameterSources {
  readonly given: Readonly<Record<string, string>>;
  /** The value of an SSM parameter. */
  ssm(name: string): string | undefined;
}

/** An SSM parameter that a template needs and that is not there. */
export class MissingSsmParameter extends Error {
  override readonly name = 'MissingSsmParameter';
  readonly parameter: string;

  constructor(parameter: string) {
    super(`needs the SSM parameter ${parameter}, which does not exist`);
    this.parameter = parameter;
  }
}

/**
 * What `Ref` gives for each parameter: text, or a list of texts. Numbers stay text, as on AWS.
 *
 * @throws {MissingSsmParameter}
 * @throws {Error} naming the parameter whose value is missing or not allowed.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function resolveParameters(
  parameters: Readonly<Record<string, TemplateParameter>>,
  sources: ParameterSources,
): ReadonlyMap<string, string | readonly string[]> {
  return new Map(Object.entries(parameters).map(([name, parameter]) => [name, resolveParameter(name, parameter, sources)]));
}

/** The SSM names that a template's parameters stand for: what has to exist before it can be deployed. */
export function ssmNamesOf(
  parameters: Readonly<Record<string, TemplateParameter>>,
  given: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = given[name] ?? parameter.Default;
    return ssmTypeOf(parameter) === undefined || value === undefined ? [] : [String(value)];
  });
}

function resolveParameter(name: string, parameter: TemplateParameter, sources: ParameterSources): string | readonly string[] {
  const raw = sources.given[name] ?? parameter.Default;
  if (raw === undefined) throw new Error(`The parameter ${name} has no default, and no value was given for it`);
  const value = String(raw);
  const ssmType = ssmTypeOf(parameter);
  if (ssmType === undefined) return check(name, parameter, isList(parameter.Type) ? split(value) : value);
  const stored = sources.ssm(value);
  if (stored === undefined) throw new MissingSsmParameter(value);
  return isList(ssmType) ? split(stored) : stored;
}

/** `String` of `AWS::SSM::Parameter::Value<String>`. */
function ssmTypeOf(parameter: TemplateParameter): string | undefined {
  return /^AWS::SSM::Parameter::Value<(.+)>$/.exec(parameter.Type)?.[1];
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function split(value: string): readonly string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

function check(name: string, parameter: TemplateParameter, value: string | readonly string[]): string | readonly string[] {
  for (const item of [value].flat()) {
    const problem = problemOf(parameter, item);
    if (problem !== undefined) throw new Error(`The parameter ${name} is '${item}': ${parameter.ConstraintDescription ?? problem}`);
  }
  return value;
}

function problemOf(parameter: TemplateParameter, value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  if (AllowedValues && !AllowedValues.map(String).includes(value)) return `it must be one of ${AllowedValues.join(', ')}`;
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) return `it must match ${AllowedPattern}`;
  if (MinLength !== undefined && value.length < Number(MinLength)) return `it must have at least ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `it must have at most ${MaxLength} characters`;
  if (Type === 'Number' || Type === 'List<Number>') {
    if (value.trim() === '' || Number.isNaN(Number(value))) return 'it must be a number';
    if (MinValue !== undefined && Number(value) < Number(MinValue)) return `it must be at least ${MinValue}`;
    if (MaxValue !== undefined && Number(value) > Number(MaxValue)) return `it must be at most ${MaxValue}`;
  }
  return undefined;
}
