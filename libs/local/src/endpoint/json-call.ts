import type { IncomingMessage } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsService, Call, Caller, JsonService } from '../kernel/call.ts';
import type { CredentialScope } from './credential-scope.ts';
import type { Guard } from './guard.ts';
import { type Answer, answerError, answerJson } from './reply.ts';

/** Who calls, from where. */
export interface CallFacts {
  readonly scope: CredentialScope | undefined;
  readonly caller: Caller;
  readonly region: string;
  readonly traceHeader: string | undefined;
}

/**
 * Calls of the awsJson protocols.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function createJsonCalls(services: readonly AwsService[], guard: Guard) {
  const byPrefix = new Map<string, JsonService>();
  for (const service of services) if (service.protocol === 'json') byPrefix.set(service.targetPrefix, service);

  return async (target: string, body: Buffer, request: IncomingMessage, facts: CallFacts): Promise<Answer> => {
    const dot = target.lastIndexOf('.');
    const service = byPrefix.get(target.slice(0, dot));
    try {
      if (!service) throw unknownService(target, byPrefix);
      const operation = target.slice(dot + 1);
      if (service.operations && !service.operations.includes(operation)) throw unknownOperation(service, operation);
      const call: Call = {
        service: service.signingName,
        operation,
        input: parse(body, request),
        caller: facts.caller,
        region: facts.region,
        traceHeader: facts.traceHeader,
      };
      if (call.caller.kind === 'function') guard.check(call.caller, service.permissions(call), 400);
      const result = await guard.run(
        call,
        (input) => service.handle(input === call.input ? call : { ...call, input }),
        (answer, by) => by(answer),
      );
      return answerJson(service, result);
    } catch (error) {
      guard.report(error, target);
      return answerError(error, service);
    }
  };
}

function parse(body: Buffer, request: IncomingMessage): Record<string, unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type.includes('cbor')) {
    throw new AwsError('UnsupportedMediaTypeException', 'CBOR is not spoken here: no AWS SDK needs it for these services.', 415);
  }
  if (body.length === 0) return {};
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is no JSON.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'The body of the request must be a JSON object.');
  }
  return input as Record<string, unknown>;
}

function unknownService(target: string, known: ReadonlyMap<string, JsonService>): AwsError {
  const names = [...known.keys()].join(', ');
  return new AwsError('UnknownOperationException', `'${target.slice(0, 200)}' belongs to no API that runs here. These do: ${names}.`);
}

function unknownOperation(service: JsonService, operation: string): AwsError {
  const supported = service.operations?.join(', ') ?? '';
  return new AwsError(
    'UnknownOperationException',
    `${service.signingName} has no operation '${operation.slice(0, 100)}' here. It has: ${supported}.`,
  );
}
