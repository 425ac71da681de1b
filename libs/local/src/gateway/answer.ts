import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer to an HTTP client. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

/** An answer of the gateway itself. */
export function gatewayAnswer(status: number, message: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify({ message })) };
}

/** Answers, with headers as the status and the method allow them. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const empty = status === 204 || status === 304;
  if (empty) delete headers['content-type'];
  else headers['content-length'] = String(body.length);
  response.writeHead(status, headers);
  response.end(empty || request.method === 'HEAD' ? undefined : body);
}

/**
 * Reads what a function behind a function URL returned. It is payload format 2.0, but what has no `statusCode` is the body as it stands, a JSON
 * string with its quotes.
 *
 * @returns undefined when the function's answer is malformed, which Lambda turns into a 502.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function functionUrlAnswer(payload: string): HttpAnswer | undefined {
  const result = parse(payload);
  if (result === undefined) return undefined;
  if (isRecord(result) && result['statusCode'] !== undefined) return functionAnswer(payload, '2.0', 'application/json');
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(payload) };
}

/**
 * Reads what a function returned: an object with a `statusCode` says all of the answer; in payload format 2.0 anything else is the JSON body of a
 * 200.
 *
 * @returns undefined when the function's answer is malformed, which API Gateway turns into a 500.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function functionAnswer(
  payload: string,
  version: '1.0' | '2.0',
  otherwiseType = 'text/plain; charset=utf-8',
): HttpAnswer | undefined {
  const result = parse(payload);
  if (!isRecord(result) || result['statusCode'] === undefined) {
    if (version === '1.0' || result === undefined) return undefined;
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  const status = Number(result['statusCode']);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const { body, cookies, isBase64Encoded, headers, multiValueHeaders } = result;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;

  const collected: Record<string, string | string[]> = {};
  if (version === '1.0' && isRecord(multiValueHeaders)) {
    for (const [name, values] of Object.entries(multiValueHeaders))
      if (Array.isArray(values)) collected[name.toLowerCase()] = values.map(String);
  }
  if (isRecord(headers)) {
    for (const [name, value] of Object.entries(headers))
      if (value !== null && value !== undefined) collected[name.toLowerCase()] ??= String(value);
  }
  if (version === '2.0' && Array.isArray(cookies) && cookies.length > 0) collected['set-cookie'] = cookies.map(String);
  for (const name of NOT_FORWARDED) delete collected[name];
  collected['content-type'] ??= otherwiseType;
  if (!Object.entries(collected).every(([name, value]) => isHeader(name, value))) return undefined;
  return {
    status,
    headers: collected,
    body: Buffer.from((body as string | undefined) ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** Headers that belong to a connection, which is the gateway's. */
const NOT_FORWARDED = ['connection', 'content-length', 'keep-alive', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

function isHeader(name: string, value: string | string[]): boolean {
  // Visible characters, spaces and tabs: anything else would let a value add headers of its own.
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && [value].flat().every((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text));
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
