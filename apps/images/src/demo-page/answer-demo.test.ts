import { answerDemo, type DemoQuestion } from './answer-demo.ts';
import { toPage } from './page.ts';

const market = { key: 'demo/market.jpg', name: 'Market', format: 'jpeg' };
const forms: string[] = [];
const ask = (question: Partial<DemoQuestion>, on = true) =>
  answerDemo({
    on,
    page: async () => toPage('http://127.0.0.1:4566', { bucket: 'pictures', key: 'demo/pear.png' }),
    pictures: async () => [market],
    uploadForm: async (type) => (forms.push(type), { url: 'http://127.0.0.1:4566/pictures', fields: { key: 'uploads/1' } }),
  })({ method: 'GET', path: '/', type: undefined, ...question });

describe('the demo', () => {
  it('has a page that runs its own style and script, and speaks to nobody but the service and the bucket', async () => {
    const { statusCode, headers = {}, body } = await ask({});
    expect([statusCode, headers['content-type'], headers['x-content-type-options']]).toEqual([200, 'text/html; charset=utf-8', 'nosniff']);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'sha256-");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:4566;");
    expect(policy).not.toContain('unsafe');
    // What no hash stands for would not run: neither attributes that are script or style, nor anything from elsewhere.
    expect(body).not.toMatch(/ on[a-z]+=| style=| src="|href="(?!data:)/);
    expect(body?.match(/<script/g)).toHaveLength(1);
  });

  it('names pictures to choose from', async () => {
    const { statusCode, body = '' } = await ask({ path: '/_demo/pictures' });
    expect([statusCode, JSON.parse(body)]).toEqual([200, { pictures: [market] }]);
  });

  it('gives a form for a picture, and for nothing else', async () => {
    const upload = { method: 'POST', path: '/_demo/uploads' };
    expect(await ask({ ...upload, type: 'image/png' })).toMatchObject({ statusCode: 201, headers: { 'cache-control': 'no-store' } });
    for (const type of ['text/html', 'image/png; x', 'image/heic', '', undefined])
      expect((await ask({ ...upload, type })).statusCode).toBe(400);
    expect(forms).toEqual(['image/png']);
  });

  it.each([
    ['GET', '/_demo/uploads'],
    ['POST', '/'],
    ['PUT', '/_demo/pictures'],
    ['GET', '/_demo/other'],
  ])('has nothing at %s %s', async (method, path) => {
    expect((await ask({ method, path })).statusCode).toBe(404);
  });

  it('is nowhere where it is off', async () => {
    for (const question of [{}, { path: '/_demo/pictures' }, { method: 'POST', path: '/_demo/uploads', type: 'image/png' }])
      expect((await ask(question, false)).statusCode).toBe(404);
  });
});
