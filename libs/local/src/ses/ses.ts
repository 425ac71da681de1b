import { AwsError } from '../kernel/aws-error.ts';
import type { Permission, RestReply, RestRequest } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { MailPort } from '../kernel/ports.ts';
import type { ResourceType } from '../kernel/resource-type.ts';
import { openState, type Documents } from '../kernel/state.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { addressOf, toMail, type SendEmailInput } from './mail.ts';

/** A plain HTTP handler at the endpoint, beside the AWS APIs. */
export interface HttpRoute {
  readonly method: string;
  readonly path: string;
  handle(request: RestRequest): Promise<RestReply>;
}

export interface SesEngine extends Engine {
  /** `GET /_aws/ses?email=` lists the mails, `DELETE /_aws/ses` empties the mailbox. */
  readonly routes: readonly HttpRoute[];
  /** For mails of other engines. */
  readonly mail: MailPort;
}

interface Identity {
  /** An address or a domain. */
  readonly name: string;
}

/** SES v2: mails are not sent, but kept in a mailbox that can be read. State in `<stateDirectory>/ses.sqlite`. */
export async function createSes(kernel: Kernel): Promise<SesEngine> {
  const state = openState(kernel.stateDirectory, 'ses');
  const mailbox = createMailbox(kernel, state);
  const identities = state.documents<Identity>('identity');
  const warned = new Set<string>();
  const identityArn = (name: string): string => `arn:${kernel.partition}:ses:${kernel.region}:${kernel.accountId}:identity/${name}`;

  /** AWS sends only for identities that it has verified; here a sender without one is let through with a warning. */
  const warnOfSender = (from: string): void => {
    if (findIdentity(identities, from) !== undefined || warned.has(from) || warned.size >= 1000) return;
    warned.add(from);
    const message = `SES: ${from} is no identity (AWS::SES::EmailIdentity) of this cloud. AWS answers MessageRejected until the address or its domain is verified.`;
    kernel.tell({ kind: 'notice', at: kernel.now(), level: 'warn', message });
  };
  const sendEmail = (request: RestRequest): RestReply => {
    const mail = toMail(parse(request));
    warnOfSender(addressOf(mail.Source));
    return json(200, { MessageId: mailbox.add(mail) });
  };
  const sendPermissions = (request: RestRequest): readonly Permission[] => {
    const input = parse(request);
    const from = addressOf(String(input.FromEmailAddress ?? toMail(input).Source));
    const resource = input.FromEmailAddressIdentityArn ?? identityArn(findIdentity(identities, from) ?? from);
    return [{ action: 'ses:SendEmail', resource, context: { 'ses:FromAddress': from } }];
  };
  const isSend = ({ method, path }: RestRequest): boolean => method === 'POST' && path.replace(/\/$/, '') === '/v2/email/outbound-emails';

  return {
    services: [
      {
        protocol: 'rest',
        signingName: 'ses',
        permissions: (request) => (isSend(request) ? sendPermissions(request) : []),
        handle: async (request) => {
          if (isSend(request)) return sendEmail(request);
          throw new AwsError('UnknownOperationException', `The laptop cloud does not answer SES ${request.method} ${request.path}.`, 404);
        },
      },
    ],
    resourceTypes: [emailIdentity(identities)],
    routes: mailboxRoutes(mailbox),
    mail: {
      deliver: ({ from, to, subject, text }) =>
        void mailbox.add({ Source: from, Destination: { ToAddresses: [to] }, Subject: subject, Body: { text_part: text } }),
    },
    close: async () => state.close(),
  };
}

function mailboxRoutes(mailbox: Mailbox): HttpRoute[] {
  const path = '/_aws/ses';
  return [
    { method: 'GET', path, handle: async ({ query }) => json(200, { messages: mailbox.list(query.get('email') ?? undefined) }) },
    {
      method: 'DELETE',
      path,
      handle: async () => {
        mailbox.empty();
        return json(200, {});
      },
    },
  ];
}

function emailIdentity(identities: Documents<Identity>): ResourceType {
  return {
    type: 'AWS::SES::EmailIdentity',
    apply: async ({ properties }) => {
      const name = String(properties['EmailIdentity']).toLowerCase();
      identities.put(name, { name });
      return { physicalId: name, attributes: {} };
    },
    remove: async (physicalId) => void identities.delete(physicalId),
  };
}

/** The address itself, or its domain. */
function findIdentity(identities: Documents<Identity>, address: string): string | undefined {
  const lower = address.toLowerCase();
  return [lower, lower.slice(lower.indexOf('@') + 1)].find((name) => identities.get(name) !== undefined);
}

function parse({ body }: RestRequest): SendEmailInput {
  try {
    return JSON.parse(body.toString('utf8')) as SendEmailInput;
  } catch {
    throw new AwsError('BadRequestException', 'The request is no JSON.');
  }
}

function json(status: number, body: object): RestReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
