import { pictureAdded } from '@larder/contracts/images/picture-added';
import { onEvent } from '@larder/service/on-event';
import { setCategoryImage } from '../category-pictures-table.ts';
import { setImage } from '../products-table.ts';
import { takePicture } from './take-picture.ts';

export const handler = onEvent(pictureAdded, ({ data, ...event }) =>
  takePicture({
    setImage: (productId, image) => setImage(productId, image, event),
    setCategoryImage: (category, image) => setCategoryImage(category, image, event),
  })(data),
);
