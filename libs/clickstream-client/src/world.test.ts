import { browserWorld } from './world.ts';

const here = { href: 'https://shop.example/pears', origin: 'https://shop.example' };

function browser() {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  const taken: [address: string, body: Blob][] = [];
  const sendBeacon = (address: string, body: Blob) => taken.push([address, body]) > 0;
  const globals = { document: page, location: here, navigator: { sendBeacon }, addEventListener: window.addEventListener.bind(window) };
  return { page, window, taken, world: browserWorld(globals) };
}

describe('in a browser', () => {
  it('a beacon to the page’s own origin is JSON', async () => {
    const { world, taken } = browser();
    expect(world.sendBeacon('/clickstream/events', '{}')).toBe(true);
    expect([taken[0]?.[0], taken[0]?.[1].type, await taken[0]?.[1].text()]).toEqual(['/clickstream/events', 'application/json', '{}']);
  });

  it('there is none to another origin, which would have to allow cookies first', () => {
    const { world, taken } = browser();
    expect([world.sendBeacon('https://api.example/clickstream/events', '{}'), taken]).toEqual([false, []]);
  });

  it('a page is hidden when it is put away, and when it is left', () => {
    const { world, page, window } = browser();
    let times = 0;
    world.onHide(() => (times += 1));
    page.dispatchEvent(new Event('visibilitychange'));
    expect(times).toBe(0);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('pagehide'));
    expect(times).toBe(2);
  });

  it.each([
    [{ globalPrivacyControl: true }, true],
    [{ doNotTrack: '1' }, true],
    [{ globalPrivacyControl: false, doNotTrack: null }, false],
    [{}, false],
  ])('%j says whether a visitor wants not to be followed', (navigator, optedOut) => {
    expect(browserWorld({ navigator }).optedOut).toBe(optedOut);
  });

  it('that refuses to keep anything there is no storage', () => {
    const globals = {
      get sessionStorage(): never {
        throw new Error('SecurityError');
      },
    };
    expect(browserWorld(globals).storage).toBeUndefined();
  });
});

it('on a server there is no page, no beacon and no objection', () => {
  const world = browserWorld({});
  world.onHide(() => {});
  expect([world.sendBeacon('/clickstream/events', '{}'), world.optedOut, world.random() < 1]).toEqual([false, false, true]);
});
