import { toMapping } from './mapping.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
const queue = { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs', FunctionName: 'worker' };
const stream = {
  EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000',
  FunctionName: 'worker',
  StartingPosition: 'LATEST',
};
const mapping = (properties: Record<string, unknown>) => toMapping(properties, functionArn);
const filters = (count: number, Pattern = '{"body":["x"]}') => ({
  FilterCriteria: { Filters: Array.from({ length: count }, () => ({ Pattern })) },
});
const patternOf = (length: number): string => `{"body":["${'x'.repeat(length - 13)}"]}`;

test('a queue is read ten messages at a time, without a window, unless it is said otherwise', () => {
  expect(mapping(queue)).toMatchObject({ batchSize: 10, windowMs: 0, partialAnswers: false, maximumConcurrency: undefined });
});

test('a stream is read a hundred records at a time, and what fails is tried again for ever, unless it is said otherwise', () => {
  expect(mapping(stream)).toMatchObject({
    batchSize: 100,
    parallelization: 1,
    maximumRetryAttempts: Infinity,
    maximumRecordAgeMs: Infinity,
    bisect: false,
    partialAnswers: false,
    onFailureArn: undefined,
  });
});

test.each([
  ['a batch of 10,000 with a window of 300 seconds', { ...queue, BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300 }],
  ['a concurrency of 1,000', { ...queue, ScalingConfig: { MaximumConcurrency: 1000 } }],
  ['a stream batch of 10,000', { ...stream, BatchSize: 10_000 }],
  ['ten lanes a shard', { ...stream, ParallelizationFactor: 10 }],
  ['10,000 retries within a week', { ...stream, MaximumRetryAttempts: 10_000, MaximumRecordAgeInSeconds: 604_800 }],
  ['ten filters', { ...queue, ...filters(10) }],
  ['a filter of 4,096 characters', { ...queue, ...filters(1, patternOf(4096)) }],
])('takes %s', (_what, properties) => {
  expect(() => mapping(properties)).not.toThrow();
});

test.each([
  ['a batch of 10,001', { ...queue, BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }],
  ['a window of 301 seconds', { ...queue, MaximumBatchingWindowInSeconds: 301 }],
  ['a concurrency of 1', { ...queue, ScalingConfig: { MaximumConcurrency: 1 } }],
  ['a concurrency of 1,001', { ...queue, ScalingConfig: { MaximumConcurrency: 1001 } }],
  ['an empty batch', { ...stream, BatchSize: 0 }],
  ['eleven lanes a shard', { ...stream, ParallelizationFactor: 11 }],
  ['10,001 retries', { ...stream, MaximumRetryAttempts: 10_001 }],
  ['a stream without a starting position', { ...stream, StartingPosition: undefined }],
  ['eleven filters', { ...queue, ...filters(11) }],
  ['a filter of 4,097 characters', { ...queue, ...filters(1, patternOf(4097)) }],
  ['what does not run here: a tumbling window', { ...stream, TumblingWindowInSeconds: 60 }],
])('refuses %s', (_what, properties) => {
  expect(() => mapping(properties)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^Invalid/) }));
});
