import { toFailure } from './events/failure.ts';
import { AwsError } from './kernel/aws-error.ts';
import { untilReady } from './until-ready.ts';

const request = { functionName: 'f', payload: '{}', type: 'Event' } as const;

/** Whether EventBridge would try again when Lambda answers so. */
async function isRetried(answer: Error, ready: boolean): Promise<boolean> {
  const lambda = untilReady({ invoke: () => Promise.reject(answer) }, () => ready);
  return lambda.invoke(request).then(
    () => false,
    (error: unknown) => toFailure(error).retry,
  );
}

describe('a rule whose target is not there', () => {
  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'is tried again while the cloud starts, and not after that: %s',
    async (code) => {
      expect(await isRetried(new AwsError(code, 'no'), false)).toBe(true);
      expect(await isRetried(new AwsError(code, 'no'), true)).toBe(false);
    },
  );

  it('is told what is wrong otherwise', async () => {
    expect(await isRetried(new AwsError('InvalidParameterValueException', 'no'), false)).toBe(false);
  });

  it('is invoked when it is there', async () => {
    const lambda = untilReady({ invoke: async () => ({ status: 202, payload: '' }) }, () => false);
    expect(await lambda.invoke(request)).toEqual({ status: 202, payload: '' });
  });
});
