import type { RouteOutput } from '@larder/contracts';
import type { lakeApi } from '@larder/contracts/lake/lake-api';

type Routes = typeof lakeApi.routes;
export type Answer = RouteOutput<Routes['getQuery']>;
export type Datasets = RouteOutput<Routes['listDatasets']>['items'];
export type Asked = RouteOutput<Routes['listQueries']>['items'];
type Session = RouteOutput<Routes['startSession']>;

const kept = 'larder-lake-session';

/** The page is asked to sign in again. */
export class SignedOut extends Error {}

/** What the lake answers, at the address of the page. A token stays in its tab. */
export const lake = {
  isSignedIn: (): boolean => session() !== undefined,
  signOut: (): void => sessionStorage.removeItem(kept),

  async signIn(email: string, password: string): Promise<void> {
    sessionStorage.setItem(kept, JSON.stringify(await call<Session>('POST', '/sessions', { email, password })));
  },

  datasets: async (): Promise<Datasets> => (await call<{ items: Datasets }>('GET', '/datasets')).items,
  history: async (): Promise<Asked> => (await call<{ items: Asked }>('GET', '/queries?limit=50')).items,
  cancel: (queryId: string): Promise<unknown> => call('DELETE', `/queries/${queryId}`),
  page: (queryId: string, cursor: string): Promise<Answer> => call('GET', `/queries/${queryId}?cursor=${encodeURIComponent(cursor)}`),
  file: (queryId: string, format: string): Promise<{ url: string }> => call('GET', `/queries/${queryId}/result?format=${format}`),

  /** Asks, and waits for the end. @param onStart is told the id, by which it can be cancelled. @throws Error of an abort. */
  async ask(sql: string, { signal, onStart }: { signal?: AbortSignal; onStart?: (queryId: string) => void } = {}): Promise<Answer> {
    const { queryId } = await call<{ queryId: string }>('POST', '/queries', { sql });
    onStart?.(queryId);
    for (let pause = 100; ; pause = Math.min(pause * 1.4, 2000)) {
      signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, pause));
      const answer = await call<Answer>('GET', `/queries/${queryId}`);
      if (answer.status !== 'QUEUED' && answer.status !== 'RUNNING') return answer;
    }
  },
};

function session(): Session | undefined {
  const text = sessionStorage.getItem(kept);
  const found = text === null ? undefined : (JSON.parse(text) as Session);
  return found && Date.parse(found.expiresAt) > Date.now() ? found : undefined;
}

async function call<Result>(method: string, path: string, body?: object): Promise<Result> {
  const token = session()?.token;
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (response.ok) return (await response.json()) as Result;
  if (response.status === 401 && path !== '/sessions') {
    lake.signOut();
    throw new SignedOut('Sign in again.');
  }
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string; message?: string };
  throw new Error(problem.detail ?? problem.title ?? problem.message ?? `The lake answered ${response.status}.`);
}
