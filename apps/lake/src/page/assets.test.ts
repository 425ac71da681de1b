import { toAsset, toServe } from './assets.ts';
import { toHtml } from './html.ts';

const app = toAsset('app.js', 'text/javascript', 'let a');
const serve = toServe(toHtml({ app: app.path, charts: '/assets/charts.js', style: '/assets/style.css' }), [app]);

describe('the page', () => {
  it('runs its own scripts only, and is looked at again after a minute', () => {
    const { statusCode, headers, body } = serve('/');
    expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=60']);
    expect(headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(body).toContain(`<script type="module" src="${app.path}"></script>`);
    expect(body).not.toMatch(/<script>|\son\w+=/);
  });

  it('has assets that are named after what is in them, and kept for ever', () => {
    expect(toAsset('app.js', 'text/javascript', 'let b').path).not.toBe(app.path);
    expect(serve(app.path)).toMatchObject({
      statusCode: 200,
      body: 'let a',
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(serve('/assets/other.js')).toMatchObject({ statusCode: 404, headers: { 'cache-control': 'no-store' } });
  });
});
