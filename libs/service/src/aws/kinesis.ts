import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** Kinesis, as far as services use it. */
export interface Kinesis {
  /** Takes some records and refuses others, in one answer of 200. */
  readonly putRecords: Operation<PutRecordsCommandInput, PutRecordsCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new KinesisClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const kinesis: Kinesis = {
  putRecords: (input, options) => call((http) => client().send(new PutRecordsCommand(input), http), options),
};
