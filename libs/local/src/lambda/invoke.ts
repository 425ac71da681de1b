import { AwsError } from '../kernel/aws-error.ts';
import type { RestReply, ServicePrincipal } from '../kernel/call.ts';
import type { InvokeResult, LambdaPort } from '../kernel/ports.ts';
import type { Asynchronous } from './asynchronous.ts';
import type { Functions, Target } from './functions.ts';
import type { Invoker, Ran } from './invoker.ts';

export interface InvokeOptions {
  readonly functionName: string;
  readonly payload: string;
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
  readonly wantLog: boolean;
  readonly traceHeader: string | undefined;
  readonly clientContext: string | undefined;
}

export interface InvokeDeps {
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly asynchronous: Asynchronous;
  /** @throws {AwsError} `AccessDeniedException` */
  readonly admit: (target: Target, principal: ServicePrincipal) => void;
}

/** Lambda's limits: 6 MB for a call that waits, 1 MB for one that does not. */
const REQUEST_BYTES = 6 * 1024 * 1024;
const EVENT_BYTES = 1024 * 1024;
const TAIL_BYTES = 4096;

/** Invoke as other engines call it. */
export function createLambdaPort({ functions, invoker, asynchronous, admit }: InvokeDeps): LambdaPort {
  return {
    async invoke({ functionName, payload, type, principal, traceHeader, clientContext }): Promise<InvokeResult> {
      const target = functions.resolve(functionName);
      if (principal !== undefined) admit(target, principal);
      checkSize(payload, type);
      const trigger = principal?.service.split('.')[0] ?? 'invoke';
      if (type === 'Event') {
        asynchronous.accept({ target: functionName, payload, trigger, traceHeader, clientContext });
        return { status: 202, payload: '' };
      }
      const ran = await invoker.run(functionName, { type, payload, trigger, traceHeader, clientContext });
      return { status: 200, payload: ran.payload, functionError: ran.kind === 'ok' ? undefined : 'Unhandled' };
    },
  };
}

/**
 * Invoke as an SDK calls it.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function createInvokeOperation({ functions, invoker, asynchronous }: InvokeDeps): (options: InvokeOptions) => Promise<RestReply> {
  return async ({ functionName, payload, type, wantLog, traceHeader, clientContext }) => {
    functions.resolve(functionName);
    checkSize(payload, type);
    try {
      JSON.parse(payload);
    } catch (error) {
      throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
    }
    if (type === 'DryRun') return { status: 204 };
    if (type === 'Event') {
      const id = asynchronous.accept({ target: functionName, payload, trigger: 'invoke', traceHeader, clientContext });
      return { status: 202, headers: { 'x-amzn-requestid': id } };
    }
    let tail = '';
    const onLog = wantLog ? (line: string): void => void (tail = `${tail}${line}\n`.slice(-TAIL_BYTES)) : undefined;
    const ran = await invoker.run(functionName, { type, payload, trigger: 'invoke', traceHeader, clientContext, onLog });
    return { status: 200, headers: headersOf(ran, wantLog ? tail : undefined), body: ran.bytes ?? ran.payload };
  };
}

function headersOf(ran: Ran, tail: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-amzn-requestid': ran.requestId,
    'x-amz-executed-version': ran.executedVersion,
    ...(ran.kind === 'ok' ? {} : { 'x-amz-function-error': 'Unhandled' }),
    ...(tail === undefined ? {} : { 'x-amz-log-result': Buffer.from(tail).subarray(-TAIL_BYTES).toString('base64') }),
  };
}

function checkSize(payload: string, type: InvokeOptions['type']): void {
  const limit = type === 'Event' ? EVENT_BYTES : REQUEST_BYTES;
  if (payload.length * 3 <= limit || Buffer.byteLength(payload) <= limit) return;
  throw new AwsError(
    'RequestTooLargeException',
    `Request must be smaller than ${String(limit)} bytes for the InvokeFunction operation`,
    413,
    { Type: 'User' },
  );
}
