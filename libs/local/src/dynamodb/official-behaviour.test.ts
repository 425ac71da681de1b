import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { testEndpoint, type TestEndpoint } from '../testing/endpoint.ts';
import { testKernel } from '../testing/kernel.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb.ts';
import { officialBehaviour } from './official-behaviour.ts';

describe.each(['memory', 'disk'])('the official behaviour, with tables kept in %s', (where) => {
  const directory = where === 'disk' ? mkdtempSync(join(tmpdir(), 'dynamodb-')) : undefined;
  let engine: DynamoDb;
  let endpoint: TestEndpoint;
  let client: DynamoDBClient;

  beforeAll(async () => {
    engine = await createDynamoDb(testKernel({ stateDirectory: directory, now: Date.now }));
    endpoint = await testEndpoint(engine.services);
    client = new DynamoDBClient({ ...endpoint.client, maxAttempts: 1 });
  });

  officialBehaviour(() => client);

  afterAll(async () => {
    client.destroy();
    await endpoint.close();
    await engine.close();
    if (directory) rmSync(directory, { recursive: true });
  });
});
