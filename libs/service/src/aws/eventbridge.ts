import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** EventBridge, as far as the kit uses it. */
export interface EventBridge {
  /** One attempt: whoever calls it looks at each entry's result, and tries again by itself. */
  readonly putEvents: Operation<PutEventsCommandInput, PutEventsCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new EventBridgeClient(settings(1));
  made.middlewareStack.use(trace());
  return made;
});

export const eventbridge: EventBridge = {
  putEvents: (input, options) => call((http) => client().send(new PutEventsCommand(input), http), options),
};
