import type { Distribution } from './model.ts';
import type { Representation } from './represent.ts';
import type { Pair, ViewerRequest } from './viewer.ts';

/** A value with those of the same name. */
interface Value {
  readonly value: string;
  readonly attributes?: string;
  readonly multiValue?: readonly Value[];
}

type Values = Record<string, Value>;

/** What a function returned, and CloudFront refuses. */
export class InvalidResult extends Error {}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
export function edgeEvent(
  eventType: 'viewer-request' | 'viewer-response',
  distribution: Distribution,
  viewer: ViewerRequest,
  answer?: Pick<Representation, 'status' | 'headers'>,
): object {
  const { 'set-cookie': cookies = [], ...headers } = answer?.headers ?? {};
  return {
    version: '1.0',
    context: { distributionDomainName: distribution.domainName, distributionId: distribution.id, eventType, requestId: viewer.id },
    viewer: { ip: viewer.ip },
    request: {
      method: viewer.method,
      uri: viewer.uri,
      querystring: fromPairs(viewer.query),
      headers: fromHeaders(viewer.headers),
      cookies: fromPairs(viewer.cookies),
    },
    ...(answer
      ? {
          response: {
            statusCode: answer.status,
            headers: fromHeaders(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]))),
            cookies: collapse([cookies].flat().map(toCookie)),
          },
        }
      : {}),
  };
}

/** @throws {InvalidResult} */
export function toViewerRequest(result: Record<string, unknown>, viewer: ViewerRequest): ViewerRequest {
  const uri = result['uri'];
  if (typeof uri !== 'string' || !uri.startsWith('/')) throw new InvalidResult('the uri has to begin with a slash');
  const headers = toHeaders(result['headers'], viewer.headers, ['content-length', 'host', 'transfer-encoding', 'via']);
  return { ...viewer, uri, query: toPairs(result['querystring']), headers, cookies: toPairs(result['cookies']) };
}

/** @throws {InvalidResult} */
export function toAnswer(result: Record<string, unknown>, before: Representation | undefined): Representation {
  const status = result['statusCode'];
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    throw new InvalidResult(`the statusCode is ${String(status)}: it has to be a whole number from 200 to 599`);
  const own = Object.fromEntries(Object.entries(before?.headers ?? {}).map(([name, value]) => [name, [value].flat()]));
  const headers: Record<string, string | string[]> = { ...toHeaders(result['headers'], own, ['warning', 'via']) };
  const cookies = toValues(result['cookies']).map(([name, { value, attributes }]) =>
    [`${name}=${value}`, attributes].filter(Boolean).join('; '),
  );
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  const body = toBody(result['body']);
  if (body !== undefined) delete headers['content-length'];
  return { status, headers, body: body ?? before?.body ?? Buffer.alloc(0) };
}

function toBody(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  const { encoding, data } = (body ?? {}) as Record<string, unknown>;
  if (typeof data !== 'string' || (encoding !== 'text' && encoding !== 'base64'))
    throw new InvalidResult("the body has to be a text, or {encoding: 'text' or 'base64', data}");
  return Buffer.from(data, encoding === 'text' ? 'utf8' : 'base64');
}

/** @param own what CloudFront had: of the names that only it may write, these stay */
function toHeaders(
  value: unknown,
  own: Readonly<Record<string, readonly string[]>>,
  readOnly: readonly string[],
): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const [name, { value: one }] of toValues(value)) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw new InvalidResult(`'${name}' is no name of a header: they are in lower case`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(one)) throw new InvalidResult(`the value of ${name} has characters that no header has`);
    const changed = headers[name] === undefined && own[name]?.[0] !== one;
    if (DISALLOWED.test(name) || (readOnly.includes(name) && changed)) throw new InvalidResult(`a function may not write ${name}`);
    (headers[name] ??= []).push(one);
  }
  // Not shown to functions, and so not theirs to remove.
  for (const name of Object.keys(own)) if (DISALLOWED.test(name)) headers[name] = [...(own[name] ?? [])];
  return headers;
}

function toPairs(value: unknown): Pair[] {
  return toValues(value).map(([name, { value: one }]) => ({ name, text: one === '' ? name : `${name}=${one}` }));
}

/** Names with their values, every one of them. */
function toValues(value: unknown): [name: string, Value][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, each]) => {
    if (typeof each !== 'object' || each === null) throw new InvalidResult(`${name} has to be {value: …}`);
    const { multiValue } = each as { multiValue?: unknown };
    const all = Array.isArray(multiValue) ? (multiValue as unknown[]) : [each];
    return all.map((one): [string, Value] => {
      const { value: text, attributes } = one as { value?: unknown; attributes?: unknown };
      return [name, { value: String(text ?? ''), ...(attributes === undefined ? {} : { attributes: String(attributes) }) }];
    });
  });
}

function fromHeaders(headers: Readonly<Record<string, readonly string[]>>): Values {
  const shown = Object.entries(headers).filter(([name]) => !DISALLOWED.test(name));
  return collapse(shown.flatMap(([name, values]) => values.map((value): [string, Value] => [name, { value }])));
}

function fromPairs(pairs: readonly Pair[]): Values {
  return collapse(pairs.map(({ name, text }): [string, Value] => [name, { value: text.slice(name.length + 1) }]));
}

function toCookie(line: string): [string, Value] {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const [name = ''] = pair.split('=', 1);
  return [name, { value: pair.slice(name.length + 1), ...(attributes.length > 0 ? { attributes: attributes.join('; ') } : {}) }];
}

function collapse(values: readonly (readonly [string, Value])[]): Values {
  const grouped = Map.groupBy(values, ([name]) => name);
  return Object.fromEntries(
    [...grouped].map(([name, same]) => {
      const [first] = same as [readonly [string, Value]];
      return [name, same.length === 1 ? first[1] : { ...first[1], multiValue: same.map(([, value]) => value) }];
    }),
  );
}

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html */
const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;
