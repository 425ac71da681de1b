import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloudFront, createOriginAccess, type CloudFront } from '../cloudfront/cloudfront.ts';
import { createCognito } from '../cognito/cognito.ts';
import { createIam, type Iam } from '../iam/iam.ts';
import type { ObjectsPort } from '../kernel/ports.ts';
import type { CreatedResource } from '../kernel/resource-type.ts';
import { createLambda, type Lambda } from '../lambda/lambda.ts';
import { memoryQueues } from '../lambda/test-fixtures/queues.ts';
import { memoryStreams } from '../lambda/test-fixtures/streams.ts';
import { zip } from '../lambda/test-fixtures/zip.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createGateway } from './gateway.ts';

/** What a test asks for; the name of the host is apart, because nothing resolves it. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** IAM, functions, the gateway and distributions, over real HTTP. */
export interface Web {
  readonly kernel: TestKernel;
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly cloudfront: CloudFront;
  readonly port: number;
  make(type: string, logicalId: string, properties: Record<string, unknown>): Promise<CreatedResource>;
  /** A function with the code of a CommonJS module. */
  define(name: string, source: string, properties?: Record<string, unknown>): Promise<void>;
  /** A function URL that everybody may call, unless told otherwise. @returns its host, with the port. */
  url(functionName: string, properties?: Record<string, unknown>): Promise<string>;
  permit(functionName: string, action: string, properties: Record<string, unknown>): Promise<void>;
  ask(host: string, path: string, asked?: Asked): Promise<Reply>;
  /** The answer as it comes; whoever asks reads it. */
  open(host: string, path: string, asked?: Asked): Promise<IncomingMessage>;
  notices(): string[];
  close(): Promise<void>;
}

export const ROLE = 'arn:aws:iam::000000000000:role/works';

export async function startWeb(options: { objects?: ObjectsPort } = {}): Promise<Web> {
  const folder = mkdtempSync(join(tmpdir(), 'larder-web-'));
  const kernel = testKernel({ time: Date.now() });
  const { iam, resourceTypes: iamTypes } = await createIam(kernel);
  const cognito = await createCognito(kernel);
  const lambda = await createLambda(kernel, {
    iam,
    queues: memoryQueues(kernel),
    streams: memoryStreams(kernel),
    events: () => ({ put: async () => {} }),
  });
  const originAccess = createOriginAccess();
  const cloudfront = await createCloudFront(kernel, { originAccess, objects: options.objects });
  const gateway = await createGateway(kernel, {
    iam,
    issuer: cognito.issuer,
    lambda: lambda.lambda,
    functionUrls: lambda.functionUrls,
    originAccess,
    sites: cloudfront.sites,
  });
  const port = await gateway.listen(0);
  Object.assign(kernel, { gatewayUrl: `http://localhost:${port}` });
  const types = new Map(
    [...iamTypes, ...lambda.resourceTypes, ...gateway.resourceTypes, ...cloudfront.resourceTypes].map((type) => [type.type, type]),
  );
  let made = 0;

  const web: Web = {
    kernel,
    iam,
    lambda,
    cloudfront,
    port,
    async make(type, logicalId, properties) {
      const known = types.get(type);
      if (!known) throw new Error(`No resource type ${type}`);
      return known.apply({ logicalId, properties, stackName: 'shop-local', service: 'shop', packageDirectory: folder });
    },
    async define(name, source, properties = {}) {
      const archive = `${name}-${(made += 1)}.zip`;
      writeFileSync(join(folder, archive), zip({ 'index.js': source }));
      const template = { FunctionName: name, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: ROLE, Timeout: 5 };
      await web.make('AWS::Lambda::Function', name, { ...template, Code: { S3Key: archive }, ...properties });
    },
    async url(functionName, properties = {}) {
      const { attributes } = await web.make('AWS::Lambda::Url', `${functionName}Url`, {
        TargetFunctionArn: functionName,
        AuthType: 'NONE',
        ...properties,
      });
      if (properties['AuthType'] !== 'AWS_IAM') {
        await web.permit(functionName, 'lambda:InvokeFunctionUrl', { Principal: '*', FunctionUrlAuthType: 'NONE' });
        await web.permit(functionName, 'lambda:InvokeFunction', { Principal: '*', InvokedViaFunctionUrl: true });
      }
      return new URL(String(attributes['FunctionUrl'])).host;
    },
    async permit(functionName, action, properties) {
      await web.make('AWS::Lambda::Permission', `P${(made += 1)}`, { FunctionName: functionName, Action: action, ...properties });
    },
    open(host, path, { method = 'GET', headers = {}, body } = {}) {
      return new Promise((resolve, reject) => {
        const sent = requestHttp({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, resolve);
        sent.on('error', reject);
        sent.end(body);
      });
    },
    async ask(host, path, asked) {
      const reply = await web.open(host, path, asked);
      const chunks: Buffer[] = [];
      for await (const chunk of reply) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      return { status: reply.statusCode ?? 0, headers: reply.headers, body, text: body.toString() };
    },
    notices: () => kernel.told.flatMap((one) => (one.kind === 'notice' ? [one.message] : [])),
    async close() {
      await lambda.close();
      await gateway.close();
      await cloudfront.close();
      await cognito.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await web.make('AWS::IAM::Role', 'Works', {
    RoleName: 'works',
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  });
  return web;
}
