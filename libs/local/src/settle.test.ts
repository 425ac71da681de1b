import { settle } from './settle.ts';

const never = new AbortController().signal;

describe('coming to rest', () => {
  it('waits for what one thing sets in motion after the other', async () => {
    let running = 1;
    let ended = false;
    setTimeout(() => (running = 0), 40);
    setTimeout(() => (running = 1), 80);
    setTimeout(() => {
      running = 0;
      ended = true;
    }, 160);
    await settle(() => running, never);
    expect(ended).toBe(true);
  });

  it('ends when the cloud ends', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 30);
    await expect(settle(() => 1, ending.signal)).resolves.toBeUndefined();
  });
});
