import { fakePage } from './page.fixture.ts';

describe('a visitor', () => {
  it('is the same on the next page of the visit', async () => {
    const { kept, view, tracker, sent } = fakePage();
    view(1);
    await tracker.flush();
    const [[name, session] = []] = kept;
    expect([name, sent()[0]?.[0]?.sessionId]).toEqual(['larder.session', session]);
    const next = fakePage({ storage: { getItem: () => session ?? null, setItem: () => {} } });
    next.view(2);
    await next.tracker.flush();
    expect(next.sent()[0]?.[0]?.sessionId).toBe(session);
  });

  it.each([
    ['is kept nowhere', undefined],
    ['was tampered with', { getItem: () => '<script>', setItem: () => {} }],
    ['is refused', { getItem: () => { throw new Error('SecurityError'); }, setItem: () => {} }], // prettier-ignore
  ])('has a new id where it %s', async (_name, storage) => {
    const { view, tracker, sent } = fakePage({ storage });
    view(1);
    await tracker.flush();
    expect(sent()[0]?.[0]?.sessionId).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('who wants not to be followed is not, and nothing is kept of them', async () => {
    const { tracker, view, hide, pass, requests, beacons, kept } = fakePage({ optedOut: true });
    view(1);
    hide();
    await tracker.flush();
    await pass(60_000);
    expect([requests, beacons, kept.size, tracker.dropped]).toEqual([[], [], 0, 0]);
  });

  it('who wants not to be followed is followed where a shop says that this is no following', async () => {
    const { tracker, view, sent } = fakePage({ optedOut: true, evenIfOptedOut: true });
    view(1);
    await tracker.flush();
    expect(sent()).toHaveLength(1);
  });

  it('has no id that the service would not take', () => {
    expect(() => fakePage({ sessionId: 'ada@example.com' })).toThrow(TypeError);
  });
});
