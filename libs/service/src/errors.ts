/**
 * What the kit itself throws, by stable code. Errors that a contract declares are `ApiError` of `@larder/contracts`; messages that break a contract are
 * `ContractViolation`.
 */
export type KitErrorCode =
  | 'ENVIRONMENT_INVALID'
  | 'AWS_CALL_FAILED'
  | 'CONDITION_FAILED'
  | 'COMMIT_TOO_LARGE'
  | 'COMMIT_EMPTY'
  | 'NOT_COMMITTED'
  | 'UNPROCESSABLE'
  | 'PUBLISH_FAILED'
  | 'NOTICE_INVALID'
  | CallFailedCode;

/**
 * `NOT_DISCOVERED`: the service has no address in this stage · `UNREACHABLE`: no answer · `TIMED_OUT`: no answer in time · `CIRCUIT_OPEN`: it failed so often that it was not asked ·
 * `REFUSED`: a status from 400 to 499 that the contract does not declare · `FAILED`: one from 500 · `UNEXPECTED_ANSWER`: an answer that breaks the contract or is too large.
 */
export type CallFailedCode = 'NOT_DISCOVERED' | 'UNREACHABLE' | 'TIMED_OUT' | 'CIRCUIT_OPEN' | 'REFUSED' | 'FAILED' | 'UNEXPECTED_ANSWER';

export class KitError extends Error {
  // Literally, here and below: a class has another name once it is minified.
  override readonly name: string = 'KitError';
  readonly code: KitErrorCode;

  constructor(code: KitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Thrown by a rule for what can never succeed: `onEvent` sends the message to the dead-letter queue at once. */
export class Unprocessable extends KitError {
  override readonly name = 'Unprocessable';

  constructor(message: string, options?: ErrorOptions) {
    super('UNPROCESSABLE', message, options);
  }
}

/** A condition of a commit did not hold: nothing of it was written. */
export class ConditionFailed extends KitError {
  override readonly name = 'ConditionFailed';
  /** Indexes into the commit's `writes`. */
  readonly failed: readonly number[];
  /** For each write the item as it stands, where its condition failed and there is one. */
  readonly items: readonly (Readonly<Record<string, unknown>> | undefined)[];

  constructor(failed: readonly number[], items: readonly (Readonly<Record<string, unknown>> | undefined)[], options?: ErrorOptions) {
    super('CONDITION_FAILED', `The condition of write ${failed.join(', ')} did not hold: nothing was written`, options);
    this.failed = failed;
    this.items = items;
  }
}

/** An AWS API answered with an error, or not at all. */
export class AwsFailure extends KitError {
  override readonly name = 'AwsFailure';
  /** The exception's name at AWS (`ConditionalCheckFailedException`), or `NetworkError`, `Timeout`. */
  readonly awsCode: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Further members of the error: `CancellationReasons`, `Item`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(awsCode: string, status: number, message: string, members: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super('AWS_CALL_FAILED', `${awsCode}: ${message}`, options);
    this.awsCode = awsCode;
    this.status = status;
    this.members = members;
  }
}

/** Another service could not be asked, or answered what its contract does not declare. */
export class CallFailed extends KitError {
  override readonly name = 'CallFailed';
  declare readonly code: CallFailedCode;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;

  constructor(code: CallFailedCode, message: string, options?: ErrorOptions & { status?: number }) {
    super(code, message, options);
    this.status = options?.status;
  }
}
