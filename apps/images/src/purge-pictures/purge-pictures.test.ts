import { purgePictures } from './purge-pictures.ts';

it('purging forgets what was kept of each picture once, and then what the distribution has', async () => {
  const done: string[] = [];
  const purge = purgePictures({
    forget: async (key) => (done.push(key), 3),
    invalidate: async () => void done.push('/*'),
  });
  expect(await purge({ body: { keys: ['a.jpg', 'b.jpg', 'a.jpg'] } })).toEqual({ results: 6 });
  expect(done).toEqual(['a.jpg', 'b.jpg', '/*']);
});
