import { readLogLine } from './log-line.ts';

describe('readLogLine', () => {
  it('reads a structured line, and the error in it with its cause', () => {
    const error = {
      name: 'CallFailed',
      code: 'TIMEOUT',
      message: 'catalog did not answer',
      stack: 'CallFailed: catalog did not answer\n    at ask (/shop/ask.ts:1:2)',
      cause: { name: 'Error', message: 'connect ECONNREFUSED' },
    };
    expect(readLogLine(JSON.stringify({ level: 'error', message: 'It failed', orderId: '7', error }))).toEqual({
      level: 'ERROR',
      message: 'It failed',
      details: { orderId: '7' },
      error: {
        name: 'CallFailed TIMEOUT',
        message: 'catalog did not answer',
        frames: ['at ask (/shop/ask.ts:1:2)'],
        cause: { name: 'Error', message: 'connect ECONNREFUSED', frames: [], cause: undefined },
      },
    });
  });

  it.each(['Invoke Error', 'Uncaught Exception', 'Unhandled Promise Rejection', 'Initialisation failed'])(
    "reads Lambda's own line of an error: %s",
    (label) => {
      const thrown = { errorType: 'TypeError', errorMessage: 'no x', trace: ['TypeError: no x', '    at f (/shop/f.ts:3:4)'] };
      expect(readLogLine(`${label}\t${JSON.stringify(thrown)}`)).toMatchObject({
        level: 'ERROR',
        message: label,
        error: { name: 'TypeError', message: 'no x', frames: ['at f (/shop/f.ts:3:4)'] },
      });
    },
  );

  it('reads how an environment ended', () => {
    const line = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'exit status 1' });
    expect(readLogLine(line)).toMatchObject({ level: 'ERROR', error: { name: 'Runtime.ExitError', message: 'exit status 1' } });
  });

  it.each([
    ['hello', 'INFO'],
    ['2026-11-23T10:00:00Z\t1\tERROR\tno', 'ERROR'],
    ['{"half": ', 'INFO'],
  ])('leaves text as it is: %s', (line, level) => {
    expect(readLogLine(line)).toEqual({ level, message: line, details: {} });
  });

  it('keeps an error that is no error among the details', () => {
    expect(readLogLine('{"message":"odd","error":"text"}')).toEqual({
      level: 'INFO',
      message: 'odd',
      error: undefined,
      details: { error: 'text' },
    });
  });

  it('follows causes to a depth only', () => {
    const nested = Array.from({ length: 9 }).reduce<object>((cause) => ({ name: 'E', message: 'm', cause }), { name: 'E', message: 'm' });
    expect(JSON.stringify(readLogLine(JSON.stringify({ error: nested })).error).match(/"name"/g)).toHaveLength(4);
  });
});
