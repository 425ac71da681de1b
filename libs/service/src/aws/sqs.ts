import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchCommandInput,
  type ChangeMessageVisibilityBatchCommandOutput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** SQS, as far as the kit uses it. */
export interface Sqs {
  readonly changeMessageVisibilityBatch: Operation<ChangeMessageVisibilityBatchCommandInput, ChangeMessageVisibilityBatchCommandOutput>;
  readonly sendMessage: Operation<SendMessageCommandInput, SendMessageCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new SQSClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const sqs: Sqs = {
  changeMessageVisibilityBatch: (input, options) =>
    call((http) => client().send(new ChangeMessageVisibilityBatchCommand(input), http), options),
  sendMessage: (input, options) => call((http) => client().send(new SendMessageCommand(input), http), options),
};
