import { parseXML, XmlText } from '@aws-sdk/xml-builder';
import { AwsError } from '../kernel/aws-error.ts';

export type XmlValue = string | number | boolean | undefined | XmlMembers | readonly XmlMembers[];
export interface XmlMembers {
  readonly [name: string]: XmlValue;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An answer's document: a list becomes an element for each of its items, and what is undefined is left out. */
export function toXml(root: string, members: XmlMembers, namespace: string | undefined = NAMESPACE): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${inner(members)}</${root}>`;
}

/** An error's document, which has no namespace. */
export function toErrorXml(error: AwsError, facts: { readonly resource: string; readonly id: string }): string {
  const members = {
    Code: error.code,
    Message: error.message,
    ...(error.members as XmlMembers),
    Resource: facts.resource,
    RequestId: facts.id,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner(members)}</Error>`;
}

/**
 * Reads a request's document.
 *
 * @returns the members of the root: texts, objects, and lists where an element comes more than once.
 * @throws {AwsError} `MalformedXML`.
 */
export function fromXml(text: string, root: string): Readonly<Record<string, unknown>> {
  try {
    const members = (parseXML(text) as Record<string, unknown>)[root];
    if (typeof members === 'object' && members !== null) return members as Record<string, unknown>;
    if (members === '') return {};
  } catch {
    // Answered as any other document that is not the one that was meant.
  }
  throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}

/** What comes once or more often, as a list. */
export function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === '') return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is Record<string, unknown> => typeof item === 'object' && item !== null,
  );
}

function inner(members: XmlMembers): string {
  return Object.entries(members)
    .map(([name, value]) =>
      Array.isArray(value)
        ? value.map((item: XmlMembers) => element(name, item)).join('')
        : element(name, value as Exclude<XmlValue, readonly XmlMembers[]>),
    )
    .join('');
}

function element(name: string, value: Exclude<XmlValue, readonly XmlMembers[]>): string {
  if (value === undefined) return '';
  return `<${name}>${typeof value === 'object' ? inner(value) : new XmlText(String(value)).toString()}</${name}>`;
}
