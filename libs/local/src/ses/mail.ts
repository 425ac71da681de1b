import { AwsError } from '../kernel/aws-error.ts';

/** As the operation SendEmail of SES v2 takes it. */
export interface SendEmailInput {
  readonly FromEmailAddress?: string;
  readonly FromEmailAddressIdentityArn?: string;
  readonly Destination?: {
    readonly ToAddresses?: readonly string[];
    readonly CcAddresses?: readonly string[];
    readonly BccAddresses?: readonly string[];
  };
  readonly Content?: {
    readonly Simple?: { readonly Subject?: Part; readonly Body?: { readonly Text?: Part; readonly Html?: Part } };
    /** `Data` is base64 of a MIME message. */
    readonly Raw?: { readonly Data?: string };
    readonly Template?: unknown;
  };
}

interface Part {
  readonly Data?: string;
}

export interface Mail {
  readonly Source: string;
  readonly Destination: {
    readonly ToAddresses: readonly string[];
    readonly CcAddresses?: readonly string[];
    readonly BccAddresses?: readonly string[];
  };
  readonly Subject: string;
  readonly Body: { readonly text_part?: string | undefined; readonly html_part?: string | undefined };
  /** The MIME message, when the mail came as one. */
  readonly RawData?: string | undefined;
}

const maximumRecipients = 50;
const maximumBytes = 40 * 1024 * 1024;

/**
 * Checks a mail as SES does.
 *
 * @throws {AwsError} `BadRequestException`.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function toMail(input: SendEmailInput): Mail {
  const { Simple, Raw, Template } = input.Content ?? {};
  if (Template !== undefined) throw bad('The laptop cloud has no e-mail templates: send Simple or Raw content.');
  if ((Simple === undefined) === (Raw === undefined)) throw bad('Content takes one of Simple, Raw and Template.');
  const mail = Raw ? fromRaw(Raw.Data ?? '', input) : fromSimple(Simple ?? {}, input);
  const { ToAddresses, CcAddresses = [], BccAddresses = [] } = mail.Destination;
  const recipients = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  if (recipients.length === 0) throw bad('At least one recipient is required.');
  if (recipients.length > maximumRecipients) throw bad(`Recipient count exceeds ${maximumRecipients}.`);
  const wrong = [mail.Source, ...recipients].find((address) => !/^[^@\s]+@[^@\s]+$/.test(addressOf(address)));
  if (wrong !== undefined) throw bad(`Not an e-mail address: "${wrong}".`);
  return mail;
}

/** The address of `Larder <shop@example.com>`. */
export function addressOf(text: string): string {
  return (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
}

function fromSimple({ Subject, Body }: NonNullable<NonNullable<SendEmailInput['Content']>['Simple']>, input: SendEmailInput): Mail {
  const text = Body?.Text?.Data;
  const html = Body?.Html?.Data;
  if (Subject?.Data === undefined) throw bad('Subject is required.');
  if (text === undefined && html === undefined) throw bad('Body takes Text, Html, or both.');
  checkSize(Buffer.byteLength(Subject.Data) + Buffer.byteLength(text ?? '') + Buffer.byteLength(html ?? ''));
  if (input.FromEmailAddress === undefined) throw bad('FromEmailAddress is required.');
  const { ToAddresses = [], ...others } = input.Destination ?? {};
  return {
    Source: input.FromEmailAddress,
    Destination: { ToAddresses, ...others },
    Subject: Subject.Data,
    Body: { text_part: text, html_part: html },
  };
}

/** Sender, recipients and subject come from the headers when the request does not name them. */
function fromRaw(data: string, input: SendEmailInput): Mail {
  const raw = Buffer.from(data, 'base64').toString('utf8');
  checkSize(raw.length);
  const [head = '', ...rest] = raw.split(/\r?\n\r?\n/);
  if (raw === '' || !/^[!-9;-~]+:/.test(head)) throw bad('Raw.Data is no MIME message.');
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im')
      .exec(head)?.[1]
      ?.replace(/\r?\n[ \t]+/g, ' ')
      .trim();
  const list = (name: string): string[] | undefined =>
    header(name)
      ?.split(',')
      .map((address) => address.trim());
  const Source = input.FromEmailAddress ?? header('From');
  if (Source === undefined) throw bad('FromEmailAddress, or a From header, is required.');
  const { ToAddresses = list('To') ?? [], CcAddresses = list('Cc') ?? [], BccAddresses = list('Bcc') ?? [] } = input.Destination ?? {};
  const html = /text\/html/i.test(header('Content-Type') ?? '');
  const body = rest.join('\n\n');
  return {
    Source,
    Destination: { ToAddresses, CcAddresses, BccAddresses },
    Subject: header('Subject') ?? '',
    Body: html ? { html_part: body } : { text_part: body },
    RawData: raw,
  };
}

function checkSize(bytes: number): void {
  if (bytes > maximumBytes) throw bad(`Message length is more than ${maximumBytes} bytes long.`);
}

function bad(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
