import {
  GetRecordsCommand,
  type GetRecordsCommandInput,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type GetShardIteratorCommandOutput,
  KinesisClient,
  ListShardsCommand,
  type ListShardsCommandInput,
  type ListShardsCommandOutput,
  PutRecordsCommand,
  type PutRecordsCommandInput,
  type PutRecordsCommandOutput,
} from '@aws-sdk/client-kinesis';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** Kinesis, as far as services use it. */
export interface Kinesis {
  readonly getShardIterator: Operation<GetShardIteratorCommandInput, GetShardIteratorCommandOutput>;
  readonly getRecords: Operation<GetRecordsCommandInput, GetRecordsCommandOutput>;
  readonly listShards: Operation<ListShardsCommandInput, ListShardsCommandOutput>;
  /** Takes some records and refuses others, in one answer of 200. */
  readonly putRecords: Operation<PutRecordsCommandInput, PutRecordsCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new KinesisClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const kinesis: Kinesis = {
  getShardIterator: (input, options) => call((http) => client().send(new GetShardIteratorCommand(input), http), options),
  getRecords: (input, options) => call((http) => client().send(new GetRecordsCommand(input), http), options),
  listShards: (input, options) => call((http) => client().send(new ListShardsCommand(input), http), options),
  putRecords: (input, options) => call((http) => client().send(new PutRecordsCommand(input), http), options),
};
