import { createHash } from 'node:crypto';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

/** A file that never changes: its name says what is in it. */
export function toAsset(name: string, type: string, content: string): Asset {
  const [base, extension] = name.split('.');
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  return { path: `/assets/${base}.${digest}.${extension}`, type, content };
}

export interface PageAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of the page: its own scripts and nothing else; charts and the editor set styles of their own. */
export const policy = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'"],
  ...["form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"],
].join('; ');

const common = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Serves a page and its assets. */
export function toServe(html: string, assets: readonly Asset[]): (path: string) => PageAnswer {
  const byPath = new Map(assets.map((asset) => [asset.path, asset]));
  return (path) => {
    if (path === '/') {
      const headers = { ...common, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'public, max-age=60' };
      return { statusCode: 200, headers: { ...headers, 'content-security-policy': policy }, body: html };
    }
    const asset = byPath.get(path);
    if (!asset)
      return { statusCode: 404, headers: { ...common, 'content-type': 'text/plain', 'cache-control': 'no-store' }, body: 'Not found' };
    const headers = { ...common, 'content-type': `${asset.type}; charset=utf-8`, 'cache-control': 'public, max-age=31536000, immutable' };
    return { statusCode: 200, headers, body: asset.content };
  };
}
