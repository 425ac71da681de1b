import { readRule, RuleError } from './rule.ts';
import { event, ruleOf, watched } from './rules.fixture.ts';
import { halved } from './watch.ts';

const knocks = { types: ['knock'] };
const fiveKnocks = ruleOf({ kind: 'threshold', of: knocks, measure: 'events', atLeast: 5 });

describe('a threshold', () => {
  it('is met by so many events in a window, at the end of the step in which it is', () => {
    const { give, alerts, tick } = watched([fiveKnocks]);
    give([1, 2, 31, 32].map((at) => event(at)));
    give([event(55)]);
    expect(alerts).toEqual([]);
    tick(60);
    expect(alerts).toEqual([
      {
        alertId: expect.stringMatching(/^[0-9a-f]{32}$/),
        ...{ ruleId: 'rule', ruleVersion: 1, severity: 'info', key: { who: 'ann' }, window: { from: 0, to: 60_000 } },
        ...{ measured: 5, limit: 5, events: 5 },
        evidence: [1, 31, 55].map((at) => ({ eventId: `knock-${at}`, type: 'knock', at: at * 1000 })),
      },
    ]);
  });

  it('is not met by as many in more time, or by several who do little', () => {
    const { give, alerts, tick } = watched([fiveKnocks]);
    give([1, 2, 31, 32, 65].map((at) => event(at)));
    give([81, 82, 83, 84, 85].map((at) => event(at, 'knock', { who: `${at}` })));
    tick(1000);
    expect(alerts).toEqual([]);
  });

  it('may be of a sum, of what is told apart, of a part of the events, and by several fields', () => {
    const all = { window: { kind: 'tumbling' as const, size: 60_000 }, key: ['who', 'door.number'] };
    const sum = ruleOf({ kind: 'threshold', of: knocks, measure: { sum: 'force' }, atLeast: 10 }, { ...all, id: 'sum' });
    const hands = ruleOf({ kind: 'threshold', of: knocks, measure: { different: 'hand' }, atLeast: 2 }, { ...all, id: 'hands' });
    const hard = { types: ['knock'], where: [{ field: 'force', atLeast: 6, atMost: 9 }, { field: 'hand', oneOf: ['left'] }] }; // prettier-ignore
    const few = ruleOf({ kind: 'threshold', of: hard, measure: 'events', atLeast: 1 }, { ...all, id: 'few' });
    const play = (...strokes: object[]) => {
      const { give, alerts, tick } = watched([sum, hands, few]);
      give(strokes.map((one, at) => event(at, 'knock', { door: { number: 7 }, ...one })));
      tick(60);
      return alerts.map(({ ruleId, measured, key }) => `${ruleId} ${measured} ${key['who']} ${key['door.number']}`).sort();
    };
    expect(play({ force: 4, hand: 'left' }, { force: 5, hand: 'left' })).toEqual([]);
    expect(play({ force: 4, hand: 'left' }, { force: 6, hand: 'left' })).toEqual(['few 1 ann 7', 'sum 10 ann 7']);
    expect(play({ force: 1, hand: 'left' }, { force: 2, hand: 'right' })).toEqual(['hands 2 ann 7']);
    expect(play({ force: 10, hand: 'left', door: undefined })).toEqual([]);
  });
});

describe('a velocity', () => {
  const fast = ruleOf({ kind: 'velocity', of: knocks, measure: 'events', atLeast: 5, perMinute: 60 });

  it('is met by many that follow each other fast', () => {
    const { give, alerts, tick } = watched([fast]);
    give([1, 2, 3, 4, 5].map((at) => event(at)));
    tick(10);
    expect(alerts).toMatchObject([{ measured: 5, perMinute: 75, window: { to: 10_000 } }]);
  });

  it('is not met by as many that take their time', () => {
    const { give, alerts, tick } = watched([fast]);
    give([1, 3, 5, 7, 9].map((at) => event(at)));
    tick(1000);
    expect(alerts).toEqual([]);
  });
});

describe('a sequence', () => {
  const steps = [{ types: ['knock'] }, { types: ['knock'] }, { types: ['open'] }];
  const knockedTwice = ruleOf({ kind: 'sequence', steps });

  it('is found in order, with whatever in between', () => {
    const { give, alerts, tick } = watched([knockedTwice]);
    give([event(3, 'open'), event(1), event(5), event(6, 'ring'), event(7, 'open')]);
    tick(10);
    expect(alerts).toMatchObject([{ measured: 3, evidence: [{ eventId: 'knock-1' }, { eventId: 'knock-5' }, { eventId: 'open-7' }] }]);
  });

  it.each([
    ['in another order', [event(1), event(2, 'open'), event(3)]],
    ['over more than a window', [event(1), event(5), event(71, 'open')]],
    ['of several', [event(1), event(2), event(3, 'open', { who: 'bob' })]],
  ])('is none %s', (_name, events) => {
    const { give, alerts, tick } = watched([knockedTwice]);
    give(events);
    tick(1000);
    expect(alerts).toEqual([]);
  });
});

describe('an absence', () => {
  const unanswered = ruleOf(
    { kind: 'absence', after: knocks, measure: 'events', atLeast: 2, without: { types: ['open'] }, forMs: 30_000 },
    { window: { kind: 'tumbling', size: 10_000 } },
  );

  it('is found when time has passed, without any event', () => {
    const { give, found, tick } = watched([unanswered]);
    give([event(2), event(5)]);
    tick(39);
    expect(found()).toEqual([]);
    tick(40);
    expect(found()).toEqual([[0, 40, 2]]);
  });

  it.each([
    ['with an answer', [event(2), event(5), event(39, 'open')]],
    ['with an answer in the same step', [event(2), event(5), event(6, 'open')]],
    ['after less', [event(5)]],
  ])('is none %s', (_name, events) => {
    const { give, alerts, tick } = watched([unanswered]);
    give(events);
    tick(1000);
    expect(alerts).toEqual([]);
  });

  it('is found of everything together, after anything, when nothing follows it', () => {
    const anything = { types: ['knock', 'open'] };
    const silence = ruleOf(
      { kind: 'absence', after: anything, measure: 'events', atLeast: 1, without: anything, forMs: 60_000 },
      { key: [], window: { kind: 'tumbling', size: 10_000 }, coolDownMs: 60_000 },
    );
    const { give, found, tick } = watched([silence]);
    give([event(5), event(15, 'open'), event(61)]);
    tick(1000);
    expect(found()).toEqual([[60, 130, 1]]);
  });
});

describe('a ratio', () => {
  const drop = ruleOf({ kind: 'ratio', of: knocks, measure: 'events', windows: 3, usual: 4, below: 0.5 }, { key: [], window: { kind: 'tumbling', size: 10_000 } }); // prettier-ignore
  const rush = ruleOf({ kind: 'ratio', of: knocks, measure: { sum: 'force' }, windows: 2, usual: 1, above: 3 }, { window: { kind: 'tumbling', size: 10_000 } }); // prettier-ignore
  const even = (from: number, to: number) => Array.from({ length: (to - from) / 2 }, (_, at) => event(from + 2 * at));

  it('below what is usual is found, even when there is nothing at all', () => {
    const { give, alerts, tick } = watched([drop]);
    give(even(0, 60));
    expect(alerts).toEqual([]);
    tick(70);
    expect(alerts).toMatchObject([
      { key: {}, window: { from: 60_000, to: 70_000 }, measured: 0, usual: 5, limit: 2.5, events: 0, evidence: [{ eventId: 'knock-50' }, {}, {}, {}, { eventId: 'knock-58' }] },
    ]); // prettier-ignore
  });

  it('is none when it is a little less, when little is usual, or before anything is known to be', () => {
    const play = (...events: Parameters<ReturnType<typeof watched>['give']>[0]) => {
      const { give, alerts, tick } = watched([drop]);
      give(events);
      tick(1000);
      return alerts.map(({ window }) => window.from / 1000);
    };
    expect(play(...even(0, 60), event(61), event(62), event(63), event(64))).toEqual([70]);
    expect(play(...Array.from({ length: 9 }, (_, at) => event(at * 10)))).toEqual([]);
    expect(play(...even(2, 30))).toEqual([]);
  });

  it('above what is usual is found', () => {
    const { give, found, tick } = watched([rush]);
    give([0, 10, 20, 30].map((at) => event(at, 'knock', { force: 2 })));
    give([event(40, 'knock', { force: 6 })]);
    tick(200);
    expect(found()).toEqual([[40, 50, 6]]);
  });
});

describe('watching', () => {
  it('says nothing more of a key until the cool-down is over', () => {
    const rule = { ...fiveKnocks, coolDownMs: 100_000 };
    const { give, found } = watched([rule]);
    for (let at = 0; at < 200; at += 10) give([event(at), event(at + 1), event(at + 2)]);
    expect(found()).toEqual([[-40, 20, 6], [60, 120, 18]]); // prettier-ignore
  });

  it('counts what comes when its step is over in the one that is open', () => {
    const { give, found, tick, state } = watched([fiveKnocks]);
    give([1, 2, 3, 100].map((at) => event(at)));
    give([event(4), event(5), event(6), event(101)]);
    tick(110);
    expect([found(), state().late]).toEqual([[[50, 110, 5]], 3]);
  });

  it('forgets what counts no more', () => {
    const { give, state, tick } = watched([fiveKnocks]);
    for (let at = 0; at < 1000; at += 7) give([event(at, 'knock', { who: `${at}` })]);
    expect(state().rules['rule@1']?.keys.length).toBeLessThan(12);
    tick(10_000);
    expect(state().rules['rule@1']?.keys).toEqual([]);
  });

  it('remembers no more keys than it may: those that do least go first, and are counted', () => {
    const { give, found, tick, state } = watched([fiveKnocks], { mostKeys: 10 });
    give([1, 2, 3].map((at) => event(at)));
    give(Array.from({ length: 500 }, (_, at) => event(4 + at / 1000, 'knock', { who: `nobody-${at}` })));
    give([event(5), event(6)]);
    tick(10);
    expect([found(), state().rules['rule@1']?.keys.length, state().rules['rule@1']?.evicted]).toEqual([[[-50, 10, 5]], 9, 492]);
  });

  it('can be made to forget half', () => {
    const { give, state } = watched([fiveKnocks]);
    give([...Array.from({ length: 9 }, (_, at) => event(at, 'knock', { who: `${at}` })), event(1), event(2)]);
    const less = halved(state());
    expect([less?.rules['rule@1']?.keys.length, less?.rules['rule@1']?.evicted]).toEqual([5, 5]);
    expect(less?.rules['rule@1']?.keys.map(([key]) => key)).toContain('ann');
  });

  it('begins anew with another version', () => {
    const { give, state } = watched([{ ...fiveKnocks, version: 2 }]);
    give([event(1)]);
    expect(Object.keys(state().rules)).toEqual(['rule@2']);
  });
});

describe('a rule', () => {
  const good = JSON.parse(JSON.stringify(fiveKnocks)) as typeof fiveKnocks;
  it('is read from JSON', () => expect(readRule(good)).toEqual(fiveKnocks));
  it.each([
    ['an unknown word', { ...good, until: 7 }],
    ['no kind', { ...good, condition: { atLeast: 7 } }],
    ['a version that is none', { ...good, version: 0 }],
    ['steps that do not fill the window', { ...good, window: { kind: 'sliding', size: 60_000, every: 7_000 } }],
    ['a cool-down shorter than a step', { ...good, coolDownMs: 5_000 }],
    ['a ratio to both sides', { ...good, condition: { kind: 'ratio', of: knocks, measure: 'events', windows: 1, usual: 1, below: 1, above: 2 } }],
    ['too much to tell apart', { ...good, condition: { kind: 'threshold', of: knocks, measure: { different: 'hand' }, atLeast: 1001 } }],
  ])('is none with %s', (_name, value) => expect(() => readRule(value)).toThrow(RuleError)); // prettier-ignore
});
