import { randomUUID } from 'node:crypto';
import { roleIdOf } from '../iam/credentials.ts';
import type { RestReply, RestRequest, RestService } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';

/**
 * The Security Token Service, as far as somebody asks who they are. It speaks the query protocol: a form in, XML out.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function createSts(kernel: Kernel): Promise<Engine> {
  const service: RestService = {
    protocol: 'rest',
    signingName: 'sts',
    // AWS asks for no permission: one may always know who one is.
    permissions: () => [],
    async handle(request) {
      const form = new URLSearchParams(request.method === 'GET' ? request.query : request.body.toString('utf8'));
      const action = form.get('Action') ?? '';
      if (action === 'GetCallerIdentity') return identity(request, kernel.accountId);
      return refusal(action);
    },
  };
  return { services: [service], resourceTypes: [], close: async () => {} };
}

function identity({ caller }: RestRequest, accountId: string): RestReply {
  const userId = caller.kind === 'root' ? accountId : `${roleIdOf(caller.roleArn)}:${caller.functionName}`;
  const result = `<Arn>${escape(caller.arn)}</Arn><UserId>${escape(userId)}</UserId><Account>${accountId}</Account>`;
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult>${metadata()}</GetCallerIdentityResponse>`,
  );
}

/** Roles cannot be changed here: a function keeps the one that its template gives it. */
function refusal(action: string): RestReply {
  const message =
    action === 'AssumeRole'
      ? 'AssumeRole does not run here: a function has the role of its template, and everyone else may do everything.'
      : `STS has no operation '${action.slice(0, 100)}' here. It has: GetCallerIdentity.`;
  const error = `<Error><Type>Sender</Type><Code>UnknownOperationException</Code><Message>${escape(message)}</Message></Error>`;
  return xml(400, `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`);
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

function metadata(): string {
  return `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
}

function xml(status: number, body: string): RestReply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
