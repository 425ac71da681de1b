/** What the page does. `toTexts` and `toPath` stand before it. Whatever comes from the service is text, and never markup. */
export const script = `
const every = 1000;
const longestPause = 30000;
const patience = 5000;
/* Lines go back to when the page was opened, five minutes at most; a sentence is read aloud every half minute. */
const room = 300;
const saidEvery = 30000;

const $ = (id) => document.getElementById(id);
const lines = { visitors: [], events: [], revenue: [] };
let failures = 0;
let timer;
let asking = false;
let saidAt = -Infinity;

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tell(state, text) {
  document.body.dataset.state = state;
  $('state').dataset.state = state;
  put($('state'), text);
}

function drawBars(list, bars) {
  while (list.children.length > bars.length) list.lastElementChild.remove();
  bars.forEach(({ name, text, part }, at) => {
    const item = list.children[at] ?? list.appendChild(document.createElement('li'));
    while (item.children.length < 2) item.appendChild(document.createElement('span'));
    put(item.children[0], name);
    put(item.children[1], text);
    item.style.setProperty('--part', String(part));
  });
}

function show(live) {
  const { texts, bars, summary } = toTexts(live);
  for (const [id, text] of Object.entries(texts)) put($(id), text);
  for (const [id, list] of Object.entries(bars)) drawBars($(id), list);
  const values = { visitors: live.visitors, events: live.events, revenue: live.revenue[0]?.amount ?? 0 };
  for (const [id, line] of Object.entries(lines)) {
    line.push(values[id]);
    if (line.length > room) line.shift();
    document.querySelector('[data-line=' + id + ']').setAttribute('d', toPath(line, Math.max(30, line.length), 200, 40));
  }
  if (performance.now() - saidAt > saidEvery) {
    saidAt = performance.now();
    put($('summary'), summary);
  }
}

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch('live', { cache: 'no-store', signal: AbortSignal.timeout(patience) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    failures = 0;
    tell('live', 'Live');
  } catch {
    failures += 1;
    tell('lost', 'No answer; asking again');
  }
  asking = false;
  plan();
}

/* Nobody looks at a hidden page. */
function plan() {
  clearTimeout(timer);
  if (document.hidden) return tell('paused', 'Paused');
  const pause = failures === 0 ? every : Math.min(longestPause, every * 2 ** failures) * (0.5 + Math.random() / 2);
  timer = setTimeout(ask, pause);
}

document.addEventListener('visibilitychange', () => (document.hidden ? plan() : ask()));
ask();
`;
