import { dashboards } from '../dashboards/index.ts';
import { askView } from './ask.ts';
import { catalogueView } from './catalogue.ts';
import { dashboardView } from './dashboard-view.ts';
import { h } from './dom.ts';
import { type Datasets, lake, SignedOut } from './lake.ts';
import { signInView } from './sign-in.ts';

const main = document.querySelector<HTMLElement>('#main');
const nav = document.querySelector<HTMLElement>('#nav');
let datasets: Datasets | undefined;

const parts = [
  ['#/datasets', 'Datasets'],
  ['#/ask', 'Ask'],
  ...dashboards.map(({ name, title }) => [`#/dashboards/${name}`, title]),
] as const;

async function show(): Promise<void> {
  if (!main || !nav) return;
  if (!lake.isSignedIn()) {
    nav.replaceChildren();
    return main.replaceChildren(signInView(() => void show()));
  }
  const [path = '', query = ''] = location.hash.split('?');
  const current = parts.find(([href]) => href === path)?.[0] ?? '#/datasets';
  nav.replaceChildren(
    ...parts.map(([href, title]) => h('a', { href, 'aria-current': href === current ? 'page' : undefined }, title ?? '')),
    signOut(),
  );
  try {
    datasets ??= await lake.datasets();
    const dashboard = dashboards.find(({ name }) => current === `#/dashboards/${name}`);
    if (dashboard) return main.replaceChildren(dashboardView(dashboard));
    if (current === '#/ask') return main.replaceChildren(askView(datasets, new URLSearchParams(query).get('sql') ?? undefined));
    datasets = await lake.datasets();
    main.replaceChildren(catalogueView(datasets));
  } catch (error) {
    if (error instanceof SignedOut) return show();
    main.replaceChildren(h('p', { class: 'problem', role: 'alert' }, (error as Error).message));
  }
}

const signOut = (): HTMLElement =>
  h('button', { type: 'button', onclick: () => (lake.signOut(), (datasets = undefined), void show()) }, 'Sign out');

addEventListener('hashchange', () => void show());
void show();
