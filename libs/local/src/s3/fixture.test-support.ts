import { Agent } from 'node:http';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createEndpoint, type Endpoint } from '../endpoint/endpoint.ts';
import { createIam, type Iam } from '../iam/iam.ts';
import type { InvokeRequest, OutgoingMessage } from '../kernel/ports.ts';
import { testKernel, type TestKernel } from '../testing/kernel.ts';
import { createS3, type S3 } from './s3.ts';

/** S3 behind the real endpoint, with IAM, and with ears for what it tells. */
export interface TestS3 {
  readonly kernel: TestKernel & { advance(ms: number): void };
  readonly s3: S3;
  readonly iam: Iam;
  readonly url: string;
  readonly invoked: InvokeRequest[];
  readonly sent: { queueArn: string; message: OutgoingMessage; principal: unknown }[];
  readonly published: { topicArn: string; message: { message: string; subject?: string | undefined }; principal: unknown }[];
  readonly put: { bus: string; event: { source: string; detailType: string; detail: string; resources?: readonly string[] } }[];
  /** What a target answers instead of taking what it is told. */
  failing: Error | undefined;
  client(options?: S3ClientConfig): S3Client;
  /** Credentials of a function whose role has these statements. */
  role(name: string, ...statements: object[]): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }>;
  bucket(name: string, properties?: object): Promise<void>;
  policy(bucket: string, ...statements: object[]): Promise<void>;
  close(): Promise<void>;
}

export const root = { accessKeyId: 'root', secretAccessKey: 'root' };

export async function testS3(options: { stateDirectory?: string } = {}): Promise<TestS3> {
  let ahead = 0;
  const base = testKernel({ ...options, now: () => Date.now() + ahead });
  const kernel = Object.assign(base, { advance: (ms: number) => void (ahead += ms) });
  const iamEngine = await createIam(kernel);
  const { iam } = iamEngine;
  const told: Pick<TestS3, 'invoked' | 'sent' | 'published' | 'put'> & { failing: Error | undefined } = {
    invoked: [],
    sent: [],
    published: [],
    put: [],
    failing: undefined,
  };
  const take = (write: () => void): void => {
    if (told.failing) throw told.failing;
    write();
  };
  const s3 = await createS3(kernel, {
    iam,
    lambda: () => ({
      invoke: async (request) => {
        take(() => told.invoked.push(request));
        return { status: 202, payload: '' };
      },
    }),
    queues: {
      send: async (queueArn, message, principal) => {
        take(() => told.sent.push({ queueArn, message, principal }));
        return 'id';
      },
    },
    topics: {
      publish: async (topicArn, message, principal) => {
        take(() => told.published.push({ topicArn, message, principal }));
        return 'id';
      },
    },
    events: () => ({ put: async (bus, event) => take(() => told.put.push({ bus, event })) }),
  });
  const endpoint: Endpoint = createEndpoint(kernel, { services: s3.services, iam, routes: [], crash: () => {} });
  const port = await endpoint.listen(0);
  const clients: S3Client[] = [];
  const apply = async (type: string, logicalId: string, properties: object): Promise<void> => {
    const types = [...iamEngine.resourceTypes, ...s3.resourceTypes];
    const request = {
      logicalId,
      properties: properties as Record<string, unknown>,
      stackName: 'shop-local',
      service: 'shop',
      packageDirectory: '',
    };
    await types.find((each) => each.type === type)!.apply(request);
  };

  return Object.assign(told, {
    kernel,
    s3,
    iam,
    url: `http://127.0.0.1:${port}`,
    client(given: S3ClientConfig = {}) {
      const client = new S3Client({
        endpoint: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
        maxAttempts: 1,
        // As a machine does that resolves `<bucket>.localhost`.
        requestHandler: new NodeHttpHandler({
          httpAgent: new Agent({ keepAlive: true, lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) }),
        }),
        ...given,
      });
      clients.push(client);
      return client;
    },
    async role(name: string, ...Statement: object[]) {
      const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
      const Policies = Statement.length > 0 ? [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } }] : [];
      await apply('AWS::IAM::Role', name, { RoleName: name, AssumeRolePolicyDocument: trust, Policies });
      return iam.credentialsFor({ roleArn: `arn:aws:iam::000000000000:role/${name}`, functionName: name });
    },
    bucket: (name: string, properties: object = {}) => apply('AWS::S3::Bucket', name, { BucketName: name, ...properties }),
    policy: (bucket: string, ...Statement: object[]) =>
      apply('AWS::S3::BucketPolicy', `${bucket}-policy`, { Bucket: bucket, PolicyDocument: { Version: '2012-10-17', Statement } }),
    async close() {
      for (const client of clients) client.destroy();
      await endpoint.close();
      await s3.close();
    },
  });
}
