import type { IncomingMessage } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsService, RestReply, RestRequest, RestService } from '../kernel/call.ts';
import type { Change, Guard } from './guard.ts';
import type { CallFacts } from './json-call.ts';
import { type Answer, answerError, answerRest } from './reply.ts';

/** Calls of the REST protocols, and of the old query protocol, which is a POST with a form. */
export function createRestCalls(services: readonly AwsService[], guard: Guard) {
  const byName = new Map<string, RestService>();
  for (const service of services) if (service.protocol === 'rest') byName.set(service.signingName, service);
  const names = [...new Set(services.map(({ signingName }) => signingName))].join(', ');

  return async (name: string, body: Buffer, incoming: IncomingMessage, facts: CallFacts): Promise<Answer> => {
    const service = byName.get(name);
    try {
      if (!service) {
        throw new AwsError(
          'UnknownOperationException',
          `'${name.slice(0, 100)}' does not run here, or not over this protocol. These run: ${names}.`,
          404,
        );
      }
      const url = incoming.url ?? '/';
      const mark = url.indexOf('?');
      const request: RestRequest = {
        method: incoming.method ?? 'GET',
        path: mark === -1 ? url : url.slice(0, mark),
        query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
        headers: incoming.headers as Record<string, string | undefined>,
        body,
        caller: facts.caller,
        region: facts.region,
        traceHeader: facts.traceHeader,
      };
      if (request.caller.kind === 'root') return answerRest(await service.handle(request));

      const permissions = service.permissions(request);
      guard.check(request.caller, permissions, 403);
      const call = {
        service: name,
        operation: permissions[0]?.action.split(':')[1] ?? '',
        input: looseJson(body),
        caller: request.caller,
        region: request.region,
        traceHeader: request.traceHeader,
      };
      const reply = await guard.run(
        call,
        (input) => service.handle(input === call.input ? request : { ...request, body: Buffer.from(JSON.stringify(input)) }),
        changeBody,
      );
      return answerRest(reply);
    } catch (error) {
      guard.report(error, `${name} ${incoming.method} ${incoming.url}`);
      return answerError(error, service);
    }
  };
}

/** For the fault hook only: a payload need not be a JSON object. */
function looseJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function changeBody(reply: RestReply, by: Change): RestReply {
  return { ...reply, body: JSON.stringify(by(looseJson(Buffer.from(reply.body ?? '{}')))) };
}
