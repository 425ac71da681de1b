import { fakePage, products } from './page.fixture.ts';

const upTo = (number: number) => Array.from({ length: number }, (_, at) => at);
const ids = (events: readonly { readonly id: string }[] | undefined) => events?.map(({ id }) => id);

describe('a page that is hidden', () => {
  it('hands what waits to the browser, and does not send it again', async () => {
    const { view, hide, pass, sent, beaconed } = fakePage();
    view(...upTo(150));
    hide();
    hide();
    await pass(60_000);
    expect([sent(), beaconed().map(({ length }) => length), beaconed().flatMap(products)]).toEqual([[], [100, 50], upTo(150)]);
  });

  it('hands over also what has no answer yet, under the same ids', async () => {
    const { view, hide, pass, sent, beaconed, answers } = fakePage();
    let fail = (_: Error) => {};
    answers.push(new Promise((_, reject) => (fail = reject)));
    view(1);
    await pass(5000);
    view(2);
    hide();
    fail(new TypeError('Failed to fetch'));
    await pass(60_000);
    expect(beaconed().map(products)).toEqual([[1, 2]]);
    expect([sent().length, ids(sent()[0])?.[0]]).toEqual([1, ids(beaconed()[0])?.[0]]);
  });

  it('sends it so that it outlives the page where the browser takes no more, once', async () => {
    const { view, hide, pass, requests, sent, beacons, answers, leaveRoom } = fakePage();
    leaveRoom(0);
    answers.push(503);
    view(1, 2);
    hide();
    hide();
    expect([beacons, requests.map(({ keepalive }) => keepalive)]).toEqual([[], [true]]);
    await pass(0);
    await pass(2000);
    expect([sent().map(products), requests[1]?.keepalive]).toEqual([
      [
        [1, 2],
        [1, 2],
      ],
      false,
    ]);
  });

  it('goes on when it is shown again', async () => {
    const { view, hide, pass, sent } = fakePage();
    hide();
    view(1);
    hide();
    view(2);
    await pass(5000);
    expect(sent().map(products)).toEqual([[2]]);
  });
});
