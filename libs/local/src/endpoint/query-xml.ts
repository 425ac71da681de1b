import { XmlText } from '@aws-sdk/xml-builder';
import type { AwsError } from '../kernel/aws-error.ts';

/** The answer to an operation of the query protocol. What is undefined is left out. */
export function toResultXml(operation: string, namespace: string, result: object, requestId: string): string {
  return `<${operation}Response xmlns="${namespace}"><${operation}Result>${inner(result)}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

export function toErrorXml(
  { code, message, status }: Pick<AwsError, 'code' | 'message' | 'status'>,
  namespace: string,
  id: string,
): string {
  const members = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return `<ErrorResponse xmlns="${namespace}"><Error>${inner(members)}</Error><RequestId>${id}</RequestId></ErrorResponse>`;
}

function inner(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${inner(item)}</member>`).join('');
  if (value instanceof Map) return [...value].map(([key, item]) => `<entry>${inner({ key, value: item as unknown })}</entry>`).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => (member === undefined ? '' : `<${name}>${inner(member)}</${name}>`))
      .join('');
  }
  return new XmlText(String(value)).toString();
}
