import { mill, only, routes } from '../test/fixtures/words.ts';

const problemsOf = (config: Parameters<typeof only>[0]): readonly string[] => only(config).problems;

test('a service that says nothing wrong has no problems', () => {
  const { problems } = mill({ grind: { events: [{ subscribe: 'farm.GrainHarvested.v1' }], access: [{ publish: 'mill.FlourGround.v1' }] } });
  expect(problems).toEqual([]);
});

describe('subscribe', () => {
  test('an event that no contract has is refused, with the name that was meant', () => {
    expect(problemsOf({ events: [{ subscribe: 'farm.GrainHarvested.v2' }] })).toEqual([
      'functions.grind: farm.GrainHarvested.v2 is no contract; did you mean farm.GrainHarvested.v1?',
    ]);
  });

  test('several events arrive in one queue, whose settings are said once', () => {
    const { fn } = only({
      events: [{ subscribe: 'farm.GrainHarvested.v1' }, { subscribe: { event: 'mill.FlourSold.v1', concurrency: 3, batchSize: 5 } }],
    });
    expect(fn.subscription).toMatchObject({ concurrency: 3, batchSize: 5, maxReceiveCount: 5 });
    expect(fn.subscription?.events.map(({ type }) => type)).toEqual(['farm.GrainHarvested.v1', 'mill.FlourSold.v1']);
  });

  test('settings that contradict each other are refused', () => {
    const events = [
      { subscribe: { event: 'farm.GrainHarvested.v1', batchSize: 1 } },
      { subscribe: { event: 'mill.FlourSold.v1', batchSize: 2 } },
    ];
    expect(problemsOf({ events })).toEqual([
      "functions.grind: says 1 and 2 for 'batchSize', but all its events arrive in one queue; say it once.",
    ]);
  });

  test('a queue that sends more at once than the function has reserved is refused; a function that is switched off is not', () => {
    const reserving = (reservedConcurrency: number) =>
      problemsOf({ reservedConcurrency, events: [{ subscribe: 'farm.GrainHarvested.v1' }] });
    expect(reserving(5)).toEqual([
      "functions.grind.reservedConcurrency: 5 is less than the 10 batches that its queue sends at once; reserve 10, or lower 'concurrency' where it subscribes.",
    ]);
    expect(reserving(10)).toEqual([]);
    expect(reserving(0)).toEqual([]);
  });

  test('the same event twice is refused', () => {
    const events = [{ subscribe: 'farm.GrainHarvested.v1' }, { subscribe: 'farm.GrainHarvested.v1' }];
    expect(problemsOf({ events })).toEqual(['functions.grind: subscribes to farm.GrainHarvested.v1 twice; once is enough.']);
  });
});

describe('route', () => {
  test('a route that the contract lacks is refused', () => {
    expect(problemsOf({ events: [{ route: 'orderFlower' }] })).toEqual([
      "functions.grind: 'orderFlower' is no route of mill's API contract; did you mean orderFlour?",
    ]);
  });

  test('a route of a service without a contract is refused', () => {
    const { problems } = mill({ bake: { events: [{ route: 'bake' }] } }, { service: 'bakery' });
    expect(problems).toEqual([
      "functions.bake: serves the route 'bake', but bakery has no API contract; declare one with defineApi and add it to the registry.",
    ]);
  });

  test('a route of the contract that no function serves is refused', () => {
    expect(mill({ getSack: {} }).problems).toEqual([
      "functions: no function serves the route 'getSack' of mill's API contract; add one with 'events: [{ route: getSack }]'.",
    ]);
  });

  test('two functions for one route are refused', () => {
    expect(problemsOf({ events: routes['getSack']?.events ?? [] })).toEqual([
      "functions: the route 'getSack' is served by getSack and grind; let one function serve it.",
    ]);
  });
});

describe('access', () => {
  test.each([
    [
      { publish: 'farm.GrainHarvested.v1' },
      'functions.grind: publishes farm.GrainHarvested.v1, but only farm may; publish an event of mill instead.',
    ],
    [{ publish: 'mill.FlourGrounded.v1' }, 'functions.grind: mill.FlourGrounded.v1 is no contract; did you mean mill.FlourGround.v1?'],
    [{ table: 'Sack', may: ['read'] }, "functions.grind: asks for the table 'Sack', which resources.yml lacks; did you mean Sacks?"],
    [{ call: 'farm.getFeild' }, 'functions.grind: calls farm.getFeild, which is no route of any API contract; did you mean farm.getField?'],
    [
      { call: 'farm.nameField' },
      "functions.grind: calls farm.nameField, which is for signed-in people; call a route whose contract says auth 'iam', 'key' or 'public'.",
    ],
    [{ call: 'mill.getSack' }, 'functions.grind: calls mill.getSack, a route of its own service; import the rule instead.'],
    [
      { secret: 'api-key' },
      "functions.grind: 'api-key' is no name of a secret; write whose it is and its name, as in 'psp-sandbox/api-key'.",
    ],
    [
      { parameter: '/mill/prices' },
      "functions.grind: '/mill/prices' is no name of a parameter; write whose it is and its name, as in 'psp-sandbox/api-key'.",
    ],
    [{ invalidate: 'Shops' }, "functions.grind: invalidates the distribution 'Shops', which resources.yml lacks; did you mean Shop?"],
    [
      { foreignBuckets: 'old', may: ['write'] },
      "functions.grind.access[0]: 'write' is nothing that one does with a foreignBuckets; say read, list.",
    ],
    [{ bucket: 'Label', may: ['read'] }, "functions.grind: asks for the bucket 'Label', which resources.yml lacks; did you mean Labels?"],
    [
      { bucket: 'Labels', may: ['scan'] },
      "functions.grind.access[0]: 'scan' is nothing that one does with a bucket; say read, write, delete, list.",
    ],
    [
      { topic: 'Prizes', may: ['publish'] },
      "functions.grind: asks for the topic 'Prizes', which resources.yml lacks; did you mean Prices?",
    ],
    [{ topic: 'Prices' }, "functions.grind.access[0]: say what the function may do, as in 'may: [publish]'."],
    [{ topic: 'Prices', may: ['read'] }, "functions.grind.access[0]: 'read' is nothing that one does with a topic; say publish."],
    [{ table: 'Sacks' }, "functions.grind.access[0]: say what the function may do, as in 'may: [read, write]'."],
    [{ email: 'send', may: ['read'] }, "functions.grind.access[0]: 'may' belongs to a table, a bucket or a topic; remove it."],
    [
      { secret: 'farm/key', email: 'send' },
      'functions.grind.access[0]: says secret and email; say one of table, bucket, topic, foreignBuckets, publish, call, secret, parameter, email, recognise, invalidate, produce in each entry.',
    ],
  ] as const)('%j is refused', (access, sentence) => {
    expect(problemsOf({ access: [access] })).toEqual([sentence]);
  });
});

test('a change of a table that resources.yml lacks is refused', () => {
  expect(problemsOf({ events: [{ tableChange: 'Stone' }] })).toEqual([
    "functions.grind: 'Stone' is no table of resources.yml; did you mean Stones?",
  ]);
});

test('a role of its own making is refused, because it would not be used', () => {
  expect(problemsOf({ role: 'arn:aws:iam::1:role/mine' })[0]).toMatch(/every function gets a role of its own/);
});

test('the name of the publisher is taken', () => {
  expect(mill({ publishOutbox: {} }).problems[0]).toMatch(/this name is taken/);
});

test('a name that AWS would refuse in production is refused in every stage', () => {
  const { problems } = mill({ grindTheGrainOfTheSouthernFieldsUntilItIsFine: {} });
  expect(problems).toEqual([
    "functions.grindTheGrainOfTheSouthernFieldsUntilItIsFine: its role would be named 'mill-production-grindTheGrainOfTheSouthernFieldsUntilItIsFine-eu-west-1', 7 over AWS's limit of 64 characters; choose a shorter function name.",
  ]);
});
