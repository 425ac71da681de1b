import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DeleteItemCommandOutput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandInput,
  type PutItemCommandOutput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  type TransactWriteItemsCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** DynamoDB, as far as the kit uses it. */
export interface DynamoDb {
  readonly batchGetItem: Operation<BatchGetItemCommandInput, BatchGetItemCommandOutput>;
  readonly deleteItem: Operation<DeleteItemCommandInput, DeleteItemCommandOutput>;
  readonly getItem: Operation<GetItemCommandInput, GetItemCommandOutput>;
  readonly putItem: Operation<PutItemCommandInput, PutItemCommandOutput>;
  readonly query: Operation<QueryCommandInput, QueryCommandOutput>;
  readonly scan: Operation<ScanCommandInput, ScanCommandOutput>;
  /** One attempt: whoever calls it tries again by itself. */
  readonly transactWriteItems: Operation<TransactWriteItemsCommandInput, TransactWriteItemsCommandOutput>;
  readonly updateItem: Operation<UpdateItemCommandInput, UpdateItemCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => connect());
// How often a client tries again is a setting of the client, and commit tries again by itself: which conflict passes is for it to say.
const transactions = /* @__PURE__ */ lazily(() => connect(1));

export const dynamodb: DynamoDb = {
  batchGetItem: (input, options) => call((http) => client().send(new BatchGetItemCommand(input), http), options),
  deleteItem: (input, options) => call((http) => client().send(new DeleteItemCommand(input), http), options),
  getItem: (input, options) => call((http) => client().send(new GetItemCommand(input), http), options),
  putItem: (input, options) => call((http) => client().send(new PutItemCommand(input), http), options),
  query: (input, options) => call((http) => client().send(new QueryCommand(input), http), options),
  scan: (input, options) => call((http) => client().send(new ScanCommand(input), http), options),
  transactWriteItems: (input, options) => call((http) => transactions().send(new TransactWriteItemsCommand(input), http), options),
  updateItem: (input, options) => call((http) => client().send(new UpdateItemCommand(input), http), options),
};

function connect(maxAttempts?: number): DynamoDBClient {
  const made = new DynamoDBClient(settings(maxAttempts));
  made.middlewareStack.use(trace());
  return made;
}
