import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import { generatedName } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { IamPort } from '../kernel/ports.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import type { Documents } from '../kernel/state.ts';
import { toDefinition } from './definition.ts';
import type { Executions } from './executions.ts';
import { compile } from './interpreter.ts';
import type { StateMachine } from './model.ts';

export interface ResourceParts {
  readonly machines: Documents<StateMachine>;
  readonly executions: Executions;
  readonly iam: Pick<IamPort, 'assumes'>;
}

/** What has no effect here, and is not worth a warning. */
const withoutEffect = new Set(['Tags', 'LoggingConfiguration', 'TracingConfiguration', 'EncryptionConfiguration']);
const known = new Set([
  ...withoutEffect,
  'StateMachineName',
  'StateMachineType',
  'RoleArn',
  'Definition',
  'DefinitionString',
  'DefinitionSubstitutions',
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html */
export function stateMachineResource(kernel: Kernel, { machines, executions, iam }: ResourceParts): ResourceType {
  return {
    type: 'AWS::StepFunctions::StateMachine',
    async apply(request) {
      const { properties } = request;
      const unknown = Object.keys(properties).find((name) => !known.has(name));
      if (unknown !== undefined) throw invalid(`${unknown} of a state machine does not run here`);
      const name = typeof properties['StateMachineName'] === 'string' ? properties['StateMachineName'] : generatedName(request, 80);
      const arn = `arn:${kernel.partition}:states:${kernel.region}:${kernel.accountId}:stateMachine:${name}`;
      const roleArn = String(properties['RoleArn']);
      if (!iam.assumes(roleArn, 'states.amazonaws.com'))
        throw new AwsError(
          'AccessDeniedException',
          `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role ${roleArn}.`,
        );
      const definition = definitionOf(properties);
      await check(definition);
      const revisionId = createHash('sha256').update(`${roleArn}\n${definition}`).digest('hex').slice(0, 36);
      const type = properties['StateMachineType'] === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
      const createdAt = machines.get(arn)?.createdAt ?? kernel.now();
      machines.put(arn, { name, arn, type, roleArn, definition, revisionId, createdAt });
      // What ran when the cloud ended goes on once its role and its functions are there again.
      executions.resume(arn);
      return { physicalId: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
    },
    async remove(physicalId) {
      executions.remove(physicalId);
      machines.delete(physicalId);
    },
  };
}

async function check(text: string): Promise<void> {
  const definition = toDefinition(text);
  await compile(definition, true).catch((error: unknown) => {
    throw new AwsError('InvalidDefinition', (error as Error).message);
  });
}

function definitionOf({ Definition, DefinitionString, DefinitionSubstitutions = {} }: Readonly<Record<string, unknown>>): string {
  const text = typeof DefinitionString === 'string' ? DefinitionString : JSON.stringify(Definition ?? refuse());
  const substitutions = DefinitionSubstitutions as Readonly<Record<string, unknown>>;
  // The text is JSON: what is put into it stands between quotation marks, or is a number.
  return text.replaceAll(/\$\{([A-Za-z0-9]+)\}/g, (all, name: string) =>
    Object.hasOwn(substitutions, name) ? JSON.stringify(String(substitutions[name])).slice(1, -1) : all,
  );
}

function refuse(): never {
  throw invalid('a state machine needs a Definition or a DefinitionString');
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidDefinition', `${reason}.`);
}
