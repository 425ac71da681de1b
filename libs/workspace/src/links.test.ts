import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const ignored = /(^|[\\/])(node_modules|\.larder|\.serverless|\.esbuild|\.nx|coverage)([\\/]|$)/;
const documents = globSync('**/*.md', { cwd: root, exclude: (path) => ignored.test(path) });

/** Where the links and pictures of a document point at, outside of its code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, 'code');
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)].map(([, target = '']) => target);
}

/** The anchors of a document, as GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

/** The targets of a document that are not there. */
function deadLinks(document: string): string[] {
  const path = join(root, document);
  const text = readFileSync(path, 'utf8');
  return linksOf(text).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const at = file === '' ? path : resolve(dirname(path), decodeURIComponent(file));
    if (!existsSync(at)) return true;
    return anchor !== undefined && at.endsWith('.md') && !anchorsOf(readFileSync(at, 'utf8')).includes(anchor);
  });
}

it('finds links, and not those in code', () => {
  expect(linksOf('[a](b.md#c) ![d](<e.png>) `[no](no.md)`\n```\n[no](no.md)\n```\n')).toEqual(['b.md#c', 'e.png']);
  expect(anchorsOf('# An order, with curl\n## `up` and down')).toEqual(['an-order-with-curl', 'up-and-down']);
});

it.each(documents)('%s links to what is there', (document) => {
  expect(deadLinks(document)).toEqual([]);
});
