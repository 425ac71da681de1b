import { Unprocessable } from '@larder/service/errors';
import { takePicture } from './take-picture.ts';

const image = { url: 'https://images.example/a.jpg', width: 600, height: 450 };

it('a picture is shown with its product or category; others are nobody’s here', async () => {
  const shown: string[] = [];
  const take = takePicture({
    setImage: async (productId) => (shown.push(`product ${productId}`), productId !== 'unknown'),
    setCategoryImage: async (category) => void shown.push(`category ${category}`),
  });
  await take({ collection: 'products', subject: 'apple', image });
  await take({ collection: 'categories', subject: 'fruit', image });
  await take({ collection: 'banners', subject: 'summer', image });
  expect(shown).toEqual(['product apple', 'category fruit']);
  await expect(take({ collection: 'products', subject: 'unknown', image })).rejects.toThrow(Unprocessable);
});
