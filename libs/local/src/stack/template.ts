/** A CloudFormation template as it is written, before anything is evaluated. */
export interface Template {
  readonly Transform?: string | readonly string[];
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly ConstraintDescription?: string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** Gives `Fn::Length`, `Fn::ToJsonString` and defaults of `Fn::FindInMap`, which work here without it too. */
const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

/**
 * Refuses templates that only AWS can process.
 *
 * @throws {Error} naming the macro.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-section-structure.html
 */
export function assertRunnable(template: Template): void {
  const macro = [template.Transform ?? []].flat().find((name) => name !== LANGUAGE_EXTENSIONS);
  if (macro !== undefined) {
    throw new Error(`The template asks for the transform ${macro}, which runs inside AWS only: write out what it would generate.`);
  }
  const names = [template.Resources, template.Conditions, template.Outputs].flatMap((section) => Object.keys(section ?? {}));
  const loop = names.find((name) => name.startsWith('Fn::'));
  if (loop !== undefined) throw new Error(`${loop} runs inside AWS only: write out what it would generate.`);
}
