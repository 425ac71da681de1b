import { isHttp } from './delivery-policy.ts';
import { invalid, type Protocol, protocols } from './model.ts';

const shapes: Readonly<Record<Protocol, RegExp>> = {
  sqs: /^arn:[^:]+:sqs:[^:]+:\d{12}:[A-Za-z0-9_.-]+$/,
  lambda: /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$/,
  http: /^http:\/\/[^\s/]+/,
  https: /^https:\/\/[^\s/]+/,
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
};

/** @throws {AwsError} `InvalidParameter` for a protocol that nothing here delivers by, and for an endpoint that is none of its protocol. */
export function checkEndpoint(protocol: string, endpoint: string): asserts protocol is Protocol {
  if (!isProtocol(protocol))
    throw invalid(`Protocol Reason: the laptop cloud delivers by ${protocols.join(', ')}, and not by '${protocol.slice(0, 40)}'`);
  if (!shapes[protocol].test(endpoint)) throw invalid(`${protocol} endpoint: ${endpoint.slice(0, 200)} is no endpoint of this protocol`);
  if (protocol === 'sqs' && endpoint.endsWith('.fifo'))
    throw invalid('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
}

/** An endpoint of the network has to say that it wants messages. A queue and a function are the account's own, and a mailbox is the laptop's. */
export const needsConfirmation = isHttp;

function isProtocol(protocol: string): protocol is Protocol {
  return (protocols as readonly string[]).includes(protocol);
}
