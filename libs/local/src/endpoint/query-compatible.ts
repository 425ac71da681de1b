/**
 * SQS once spoke the query protocol, whose error codes differ from the names of its shapes. Its answers carry both: the shape in
 * `__type`, the code in `x-amzn-query-error`.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsprotocols-awsquerycompatible-trait
 */
export function shapeAndQueryCode(signingName: string | undefined, code: string): { shape: string; queryCode?: string } {
  if (signingName !== 'sqs') return { shape: code };
  const shape = SHAPES.get(code) ?? code.replace(/^AWS\.SimpleQueueService\./, '');
  return { shape: `com.amazonaws.sqs#${shape}`, queryCode: CODES.get(shape) ?? code };
}

const CODES = new Map([
  ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  ['QueueNameExists', 'QueueAlreadyExists'],
  ['QueueDeletedRecently', 'AWS.SimpleQueueService.QueueDeletedRecently'],
  ['BatchEntryIdsNotDistinct', 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct'],
  ['BatchRequestTooLong', 'AWS.SimpleQueueService.BatchRequestTooLong'],
  ['EmptyBatchRequest', 'AWS.SimpleQueueService.EmptyBatchRequest'],
  ['InvalidBatchEntryId', 'AWS.SimpleQueueService.InvalidBatchEntryId'],
  ['TooManyEntriesInBatchRequest', 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest'],
  ['MessageNotInflight', 'AWS.SimpleQueueService.MessageNotInflight'],
  ['PurgeQueueInProgress', 'AWS.SimpleQueueService.PurgeQueueInProgress'],
  ['UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation'],
  ['AccessDeniedException', 'AccessDenied'],
]);

const SHAPES = new Map([...CODES].map(([shape, code]) => [code, shape]));
