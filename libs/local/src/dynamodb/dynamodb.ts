import type { Call, JsonService } from '../kernel/call.ts';
import type { Engine } from '../kernel/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { StreamPort } from '../kernel/ports.ts';
import { batchGet, batchWrite } from './batches.ts';
import { openDatabase } from './database.ts';
import { createItems, type Items } from './items.ts';
import { permissionsOf } from './permissions.ts';
import { getItem, readPage } from './reads.ts';
import { createRecords } from './records.ts';
import { streamPort, streamsService } from './streams.ts';
import { tableOperations, unknownOperation } from './table-operations.ts';
import { tableResource } from './table-resource.ts';
import { tableNameOf } from './table.ts';
import { createTables } from './tables.ts';
import { createSweep } from './time-to-live.ts';
import { createTokens } from './tokens.ts';
import { transactGet, transactWrite } from './transactions.ts';
import { writeOne } from './writes.ts';

const sweepEveryMs = 10_000;

export interface DynamoDb extends Engine {
  readonly streams: StreamPort;
  /** Deletes items that have expired, records of more than 24 hours and tokens of more than ten minutes, now instead of on time. Returns how many items. */
  sweep(): number;
}

/**
 * DynamoDB and DynamoDB Streams. The rules of requests and expressions are dynalite's; storage, transactions, indexes and streams
 * are ours, on SQLite. A request runs from its first read to its commit without another in between, so that every write
 * and every transaction is isolated from all others.
 */
export async function createDynamoDb(kernel: Kernel): Promise<DynamoDb> {
  const database = openDatabase(kernel.stateDirectory);
  const records = createRecords(database, kernel);
  const items: Items = createItems(database, records);
  const tables = createTables(database, kernel, items.fill);
  const tokens = createTokens(database, kernel);
  const commit = <Result>(work: () => Result): Result => {
    let committed = false;
    try {
      const result = database.transaction(work);
      committed = true;
      return result;
    } finally {
      records.settle(committed);
    }
  };
  const deleteExpired = createSweep(database, tables, items, kernel, commit);
  const sweep = (): number => {
    const deleted = deleteExpired();
    records.trim();
    tokens.trim();
    return deleted;
  };
  const timer = setInterval(sweep, sweepEveryMs).unref();

  type Operation = (input: Record<string, unknown>) => object;
  const reads: Record<string, Operation> = {
    GetItem: (input) => getItem(tables, items, input),
    Query: (input) => readPage(database, tables, items, 'query', input),
    Scan: (input) => readPage(database, tables, items, 'scan', input),
    BatchGetItem: (input) => batchGet(tables, items, input),
    TransactGetItems: (input) => transactGet(tables, items, input),
  };
  const writes: Record<string, Operation> = {
    PutItem: (input) => writeOne(tables, items, 'putItem', input),
    UpdateItem: (input) => writeOne(tables, items, 'updateItem', input),
    DeleteItem: (input) => writeOne(tables, items, 'deleteItem', input),
    BatchWriteItem: (input) => batchWrite(tables, items, input),
    TransactWriteItems: (input) => transactWrite(tables, items, tokens, input),
    ...tableOperations(database, tables, items, kernel),
  };

  const service: JsonService = {
    protocol: 'json',
    signingName: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    operations: [...Object.keys(reads), ...Object.keys(writes)],
    permissions: (call: Call) => permissionsOf(tables, kernel, call),
    async handle({ operation, input }) {
      const named = typeof input['TableName'] === 'string' ? { ...input, TableName: tableNameOf(input['TableName']) } : input;
      const read = reads[operation];
      if (read) return read(named);
      const write = writes[operation] ?? unknownOperation(operation);
      return commit(() => write(named));
    },
  };

  return {
    services: [service, streamsService(tables, records)],
    resourceTypes: [tableResource(tables, items, commit)],
    streams: streamPort(tables, records),
    sweep,
    async close() {
      clearInterval(timer);
      database.close();
    },
  };
}
