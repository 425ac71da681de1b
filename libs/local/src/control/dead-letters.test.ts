import type { InvokeRequest, OutgoingMessage, ReceivedMessage } from '../kernel/ports.ts';
import { createDeadLetters, type DeadLetterDependencies } from './dead-letters.ts';
import type { QueueStatus } from './status.ts';

const queue = (name: string, waiting = 0): QueueStatus => {
  return { name, arn: `arn:aws:sqs:us-east-1:000000000000:${name}`, url: '', waiting, inFlight: 0, delayed: 0, deadLetterOf: [] };
};
const message = (body: string, more: Partial<ReceivedMessage> = {}): ReceivedMessage => {
  return { messageId: body, receiptHandle: `handle-${body}`, body, md5OfBody: '', attributes: {}, messageAttributes: {}, ...more };
};

/** Dead letters over a queue that holds some messages; what was sent, invoked and deleted. */
function deadLettersOf(waiting: ReceivedMessage[], refuse?: string) {
  const done = { sent: [] as [string, OutgoingMessage][], invoked: [] as InvokeRequest[], deleted: [] as string[] };
  const queues = {
    receive: async (_arn: string, { max }: { max: number }) => waiting.splice(0, max),
    send: async (arn: string, outgoing: OutgoingMessage) => {
      if (outgoing.body === refuse) throw new Error('refused');
      done.sent.push([arn, outgoing]);
      return { messageId: '1' };
    },
    delete: async (_arn: string, handles: readonly string[]) => void done.deleted.push(...handles),
  };
  const lambda = {
    invoke: async (request: InvokeRequest) => {
      done.invoked.push(request);
      return { payload: '' };
    },
  };
  const ports = { queues, lambda, inspect: () => waiting } as unknown as DeadLetterDependencies;
  return { deadLetters: createDeadLetters(ports), done };
}

describe('dead letters', () => {
  const source = queue('work');

  it('go back to the queue that they came from, with their attributes and their trace', async () => {
    const traced = message('one', {
      attributes: { AWSTraceHeader: 'Root=1' },
      messageAttributes: { WHY: { dataType: 'String', stringValue: 'because' } },
    });
    const { deadLetters, done } = deadLettersOf([traced, message('two')]);
    expect(await deadLetters.redrive(queue('dead', 2), [source])).toBe(2);
    expect(done.sent).toEqual([
      [
        source.arn,
        expect.objectContaining({
          body: 'one',
          traceHeader: 'Root=1',
          attributes: { WHY: expect.objectContaining({ StringValue: 'because' }) as object },
        }),
      ],
      [source.arn, expect.objectContaining({ body: 'two', attributes: undefined })],
    ]);
    expect(done.deleted).toEqual(['handle-one', 'handle-two']);
  });

  it('go to the function or the queue that a rule could not reach', async () => {
    const to = (target: string) => ({ messageAttributes: { TARGET_ARN: { dataType: 'String', stringValue: target } } });
    const { deadLetters, done } = deadLettersOf([message('a', to('arn:aws:lambda:::function:f')), message('b', to(source.arn))]);
    expect(await deadLetters.redrive(queue('dead', 2), [])).toBe(2);
    expect(done.invoked).toEqual([{ functionName: 'arn:aws:lambda:::function:f', payload: 'a', type: 'Event' }]);
    expect(done.sent).toEqual([[source.arn, { body: 'b' }]]);
  });

  it('stay where they are when nobody knows where they came from', async () => {
    const { deadLetters, done } = deadLettersOf([message('a')]);
    await expect(deadLetters.redrive(queue('dead', 1), [])).rejects.toThrow('No queue of these services sends its failures here');
    await expect(deadLettersOf([message('a')]).deadLetters.redrive(queue('dead', 1), [source, queue('other')])).rejects.toThrow(
      'Several queues send here: work, other.',
    );
    expect(done.deleted).toEqual([]);
  });

  it('are deleted only after they were sent', async () => {
    const { deadLetters, done } = deadLettersOf([message('good'), message('bad')], 'bad');
    await expect(deadLetters.redrive(queue('dead', 2), [source])).rejects.toThrow('refused');
    expect(done.deleted).toEqual(['handle-good']);
  });

  it('that arrive while it works wait for the next time', async () => {
    const { deadLetters } = deadLettersOf([message('1'), message('2'), message('3')]);
    expect(await deadLetters.redrive(queue('dead', 2), [source])).toBe(2);
  });
});
