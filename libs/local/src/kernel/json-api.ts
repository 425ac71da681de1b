import { AwsError } from './aws-error.ts';
import type { Call, JsonService, Permission } from './call.ts';

type Input = Readonly<Record<string, unknown>>;

/** One operation of an awsJson API. */
export interface Operation {
  readonly permissions: (input: Input, call: Call) => readonly Permission[];
  /** @throws {AwsError} what AWS would answer. */
  readonly run: (input: Input, call: Call) => object | Promise<object>;
}

/** An awsJson API out of its operations, by name. An operation that is not there is answered as AWS does. */
export function jsonService(
  api: Pick<JsonService, 'signingName' | 'targetPrefix' | 'jsonVersion'>,
  operations: Readonly<Record<string, Operation>>,
): JsonService {
  const byName = new Map(Object.entries(operations));
  return {
    protocol: 'json',
    ...api,
    operations: [...byName.keys()],
    permissions: (call) => byName.get(call.operation)?.permissions(call.input, call) ?? [],
    handle: async (call) => {
      const operation = byName.get(call.operation);
      if (operation) return operation.run(call.input, call);
      throw new AwsError('UnknownOperationException', `The laptop cloud does not answer ${api.signingName}:${call.operation}.`);
    },
  };
}

/** Readers of an operation's input. Each throws `ValidationException` for what AWS would refuse. */
export const read = {
  text: (input: Input, name: string): string => {
    const value = read.optionalText(input, name);
    if (value === undefined || value === '')
      throw invalid(`Value null at '${camel(name)}' failed to satisfy constraint: Member must not be null`);
    return value;
  },
  optionalText: (input: Input, name: string): string | undefined => {
    const value = input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new AwsError('SerializationException', `${name} must be a string.`);
    return value;
  },
  flag: (input: Input, name: string): boolean => input[name] === true || input[name] === 'true',
  optionalNumber: (input: Input, name: string): number | undefined => {
    const value = input[name];
    if (value === undefined || value === null) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number)) throw new AwsError('SerializationException', `${name} must be a number.`);
    return number;
  },
  list: (input: Input, name: string): readonly unknown[] => {
    const value = input[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new AwsError('SerializationException', `${name} must be a list.`);
    return value;
  },
};

/** One page of a list, by a token that says where to go on. */
export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  limit: number,
): { items: readonly Item[]; NextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(start) || start < 0) throw invalid('The token is not valid.');
  const end = start + limit;
  return { items: items.slice(start, end), ...(end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {}) };
}

function invalid(reason: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${reason}`);
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
