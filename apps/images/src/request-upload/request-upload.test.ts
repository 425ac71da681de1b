import { requestUpload } from './request-upload.ts';

it('a form is for one picture of one thing, for five minutes', async () => {
  const asked: unknown[] = [];
  const request = requestUpload({
    form: async (...form) => (asked.push(form), { url: 'https://uploads.example/', fields: { key: form[0] } }),
    newId: () => '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D',
    now: () => new Date('2026-11-02T09:30:00.000Z'),
  });
  const answer = await request({ body: { collection: 'products', subject: 'apple', contentType: 'image/png' } });
  expect(asked).toEqual([['products/apple/01JZ8Q4T9V6W2X3Y4Z5A6B7C8D', 'image/png']]);
  expect(answer).toMatchObject({ url: 'https://uploads.example/', maximumBytes: 40 * 1024 * 1024, expiresAt: '2026-11-02T09:35:00.000Z' });
});
