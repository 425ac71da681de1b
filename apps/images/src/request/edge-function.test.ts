import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { isKnown } from './query-edits.ts';
import { transformationNames } from '../configuration/transformations.ts';

interface EdgeRequest {
  headers: Record<string, { value: string }>;
  querystring: Record<string, { value: string }>;
}

/** The function of the distribution, as it stands in the template. */
function normalise(headers: Record<string, string>, query: Record<string, string> = {}): EdgeRequest {
  const template = readFileSync(resolve(import.meta.dirname, '../../resources.yml'), 'utf8');
  const code = /FunctionCode: \|\n((?: {8}.*\n|\n)+)/.exec(template)?.[1] ?? '';
  const valued = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, { value }]));
  const request: EdgeRequest = { headers: valued({ host: 'images.example.com', ...headers }), querystring: valued(query) };
  return runInNewContext(`${code}; handler(event)`, { event: { request } }) as EdgeRequest;
}
const header = (headers: Record<string, string>, name: string) => normalise(headers).headers[name]?.value;

describe('the function of the distribution', () => {
  it('keeps of a query exactly what the service reads, in one order', () => {
    const names = ['width', 'fbclid', 'resize.width', 'resize.__proto__', 'policyId', 'signature', 'a', ...transformationNames];
    const kept = Object.keys(normalise({}, Object.fromEntries(names.map((name) => [name, '1']))).querystring);
    expect(kept).toEqual(names.filter(isKnown).sort());
    expect(kept).toContain('watermark');
  });

  it('tells apart who takes which formats, and nobody else', () => {
    expect(header({ accept: 'text/html,image/avif,image/webp,*/*;q=0.8' }, 'accept')).toBe('image/avif,image/webp');
    expect(header({ accept: 'image/webp,image/png' }, 'accept')).toBe('image/webp');
    expect(header({}, 'accept')).toBe('*/*');
  });

  it('says in steps how dense and how wide a screen is, and lets nobody say it past it', () => {
    expect(header({ 'sec-ch-dpr': '2.6250000' }, 'x-viewer-dpr')).toBe('2.6');
    expect(header({ dpr: '3' }, 'x-viewer-dpr')).toBe('3');
    expect(header({ 'sec-ch-viewport-width': '411' }, 'x-viewer-width')).toBe('440');
    expect(header({ 'x-viewer-dpr': '9', 'x-viewer-width': '1', dpr: 'wide' }, 'x-viewer-dpr')).toBe('0');
    expect(header({ 'x-viewer-host': 'evil.example' }, 'x-viewer-host')).toBe('images.example.com');
  });
});
