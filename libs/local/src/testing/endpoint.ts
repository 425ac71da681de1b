import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../kernel/aws-error.ts';
import type { AwsService, JsonService, QueryService, RestReply, RestService } from '../kernel/call.ts';
import { toCall } from '../endpoint/query-call.ts';
import { toErrorXml, toResultXml } from '../endpoint/query-xml.ts';

export interface TestEndpoint {
  /** What an SDK client is given: `new DynamoDBClient(endpoint.client)`. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  close(): Promise<void>;
}

const region = 'us-east-1';
const caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const;

/** An engine's APIs over HTTP, so that a test can use AWS's own clients; nothing but the protocol: no IAM, no faults. */
export async function testEndpoint(services: readonly AwsService[]): Promise<TestEndpoint> {
  const server = createServer((request, response) => {
    void answer(services, request).then(({ status, headers, body }) => response.writeHead(status, { ...headers }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    client: { endpoint: `http://127.0.0.1:${port}`, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(services: readonly AwsService[], request: IncomingMessage): Promise<RestReply> {
  const body = await bytesOf(request);
  const [prefix, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const buffered = services.filter((each) => each.protocol !== 'stream');
  const service = buffered.find((each) => (each.protocol === 'json' ? each.targetPrefix === prefix : prefix === ''));
  try {
    if (!service) throw new AwsError('UnknownOperationException', String(request.headers['x-amz-target'] ?? request.url));
    if (service.protocol === 'query') return await answerQuery(service, body);
    return service.protocol === 'json' ? await answerJson(service, operation, body) : await answerRest(service, request, body);
  } catch (error) {
    const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String((error as Error).stack), 500);
    const reply = { __type: known.code, message: known.message, ...known.members };
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': known.code };
    return { status: known.status, headers, body: JSON.stringify(reply) };
  }
}

async function answerQuery(service: QueryService, body: Buffer): Promise<RestReply> {
  const headers = { 'content-type': 'text/xml' };
  try {
    const call = toCall(service, body.toString(), { caller, region, traceHeader: undefined });
    return { status: 200, headers, body: toResultXml(call.operation, service.namespace, await service.handle(call), 'test') };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { status: error.status, headers, body: toErrorXml(error, service.namespace, 'test') };
  }
}

async function answerJson(service: JsonService, operation: string, body: Buffer): Promise<RestReply> {
  const input = JSON.parse(body.toString()) as Record<string, unknown>;
  const result = await service.handle({ service: service.signingName, operation, input, caller, region });
  return { status: 200, headers: { 'content-type': `application/x-amz-json-${service.jsonVersion}` }, body: JSON.stringify(result) };
}

function answerRest(service: RestService, { method = '', url, headers }: IncomingMessage, body: Buffer): Promise<RestReply> {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://localhost');
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return service.handle({ method, path: pathname, query: searchParams, headers: texts, body, caller, region });
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
