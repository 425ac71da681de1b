import { createClient } from './client.ts';

const { fetch } = globalThis;
afterEach(() => void (globalThis.fetch = fetch));

test.each([
  ['ECONNREFUSED', 'No cloud is running at http://localhost:1.'],
  ['UND_ERR_HEADERS_TIMEOUT', 'The cloud at http://localhost:1 has not answered for five minutes'],
])('a call that fails with %s says so', async (code, message) => {
  globalThis.fetch = () => Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }));
  await expect(createClient('http://localhost:1').post('/_local/invoke')).rejects.toThrow(message);
});
