import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Deployment } from './configuration.ts';
import type { EventConfiguration } from './event-configuration.ts';
import type { Statement } from './policy.ts';

/** A function with everything that belongs to its name. */
export interface LambdaFunction {
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  readonly stackName: string;
  latest: Deployment;
  /** Published versions by number. */
  readonly versions: Map<string, Deployment>;
  /** Version by alias. */
  readonly aliases: Map<string, string>;
  /** The resource policy: statements by id. */
  readonly statements: Map<string, Statement>;
  /** How asynchronous invocations are treated, by qualifier. */
  readonly eventConfigurations: Map<string, EventConfiguration>;
  /** Invocations that were admitted and have not been answered. */
  running: number;
  lastError: string | undefined;
}

/** A function, with the version that a name means. */
export interface Target {
  readonly fn: LambdaFunction;
  readonly deployment: Deployment;
  /** As it was called: with a qualifier or without. */
  readonly arn: string;
  /** `$LATEST`, a version, or an alias. */
  readonly qualifier: string;
}

export interface Functions {
  readonly all: Map<string, LambdaFunction>;
  /**
   * @param name name, `name:qualifier`, ARN, ARN with a qualifier, or `account:function:name`
   * @throws {AwsError} `ResourceNotFoundException`
   */
  resolve(name: string, qualifier?: string): Target;
  find(name: string): LambdaFunction | undefined;
  arnOf(name: string): string;
}

export function createFunctions(kernel: Kernel): Functions {
  const all = new Map<string, LambdaFunction>();
  const arnOf = (name: string): string => `arn:${kernel.partition}:lambda:${kernel.region}:${kernel.accountId}:function:${name}`;
  return {
    all,
    arnOf,
    find: (name) => all.get(parseName(name).name),
    resolve(reference, explicit) {
      const { name, qualifier = explicit } = parseName(reference);
      const fn = all.get(name);
      const version = qualifier === undefined ? '$LATEST' : (fn?.aliases.get(qualifier) ?? qualifier);
      const deployment = version === '$LATEST' ? fn?.latest : fn?.versions.get(version);
      const arn = qualifier === undefined ? arnOf(name) : `${arnOf(name)}:${qualifier}`;
      if (fn === undefined || deployment === undefined)
        throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
      return { fn, deployment, arn, qualifier: qualifier ?? '$LATEST' };
    },
  };
}

/** Splits every form of name that Lambda takes. */
export function parseName(reference: string): { readonly name: string; readonly qualifier: string | undefined } {
  const parts = reference.split(':');
  const at = parts.indexOf('function');
  const [name = '', qualifier] = at >= 0 ? parts.slice(at + 1) : parts;
  return { name, qualifier };
}
