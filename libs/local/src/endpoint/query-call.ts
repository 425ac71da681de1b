import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsService, Call, QueryService } from '../kernel/call.ts';
import { type Guard, LostReply } from './guard.ts';
import type { CallFacts } from './json-call.ts';
import { readForm } from './query-form.ts';
import { toErrorXml, toResultXml } from './query-xml.ts';
import { type Answer, answerError, answerRest, knownError } from './reply.ts';

/** Calls of the query protocol; undefined for a service that does not speak it. */
export function createQueryCalls(services: readonly AwsService[], guard: Guard) {
  const byName = new Map<string, QueryService>();
  for (const service of services) if (service.protocol === 'query') byName.set(service.signingName, service);

  return (name: string, body: Buffer, incoming: IncomingMessage, facts: CallFacts): Promise<Answer> | undefined => {
    const service = byName.get(name);
    return service && answer(service, body, incoming, facts);
  };

  async function answer(service: QueryService, body: Buffer, incoming: IncomingMessage, facts: CallFacts): Promise<Answer> {
    let operation = '';
    try {
      const call = toCall(service, incoming.method === 'GET' ? (incoming.url?.split('?')[1] ?? '') : body.toString('utf8'), facts);
      operation = call.operation;
      if (call.caller.kind === 'function') guard.check(call.caller, service.permissions(call), 403);
      const result = await guard.run(
        call,
        (input) => service.handle(input === call.input ? call : { ...call, input }),
        (given, by) => by(given),
      );
      return answerXml(200, toResultXml(operation, service.namespace, result, randomUUID()));
    } catch (error) {
      guard.report(error, `${service.signingName} ${operation}`);
      if (error instanceof LostReply) return answerError(error);
      const { code, message, status } = knownError(error);
      const known = { code: code === 'AccessDeniedException' ? service.deniedCode : code, message, status };
      return answerXml(status, toErrorXml(known, service.namespace, randomUUID()));
    }
  }
}

/** @throws {AwsError} `InvalidAction` for an operation that is not answered here. */
export function toCall(service: QueryService, form: string, { caller, region, traceHeader }: Omit<CallFacts, 'scope'>): Call {
  const { Action, Version: _, ...input } = readForm(new URLSearchParams(form));
  const operation = String(Action ?? '');
  if (!service.operations.includes(operation)) {
    const message = `${service.signingName} has no operation '${operation.slice(0, 100)}' here. It has: ${service.operations.join(', ')}.`;
    throw new AwsError('InvalidAction', message);
  }
  return { service: service.signingName, operation, input, caller, region, traceHeader };
}

function answerXml(status: number, body: string): Answer {
  return answerRest({ status, headers: { 'content-type': 'text/xml' }, body });
}
