import { startSession } from './start-session.ts';

const now = () => new Date('2026-11-02T09:30:00.000Z');
const failing = (name: string) => startSession({ now, authenticate: () => Promise.reject(Object.assign(new Error('no'), { name })) });

describe('signing in', () => {
  it('gives a token, and says how long it is one', async () => {
    const start = startSession({ now, authenticate: async () => ({ AccessToken: 'token', ExpiresIn: 60 }) });
    expect(await start('ada@example.com', 'secret')).toEqual({ token: 'token', expiresAt: '2026-11-02T09:31:00.000Z' });
  });

  it('does not say why it is refused', async () => {
    const needsMore = startSession({ now, authenticate: async () => undefined });
    const refused = [needsMore, failing('NotAuthorizedException'), failing('UserNotFoundException')];
    expect(await Promise.all(refused.map((start) => start('ada@example.com', 'wrong')))).toEqual([undefined, undefined, undefined]);
  });

  it('fails when it could not be asked for', async () => {
    await expect(failing('TooManyRequestsException')('ada@example.com', 'secret')).rejects.toThrow('no');
  });
});
