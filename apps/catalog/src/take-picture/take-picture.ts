import type { Image } from '@larder/contracts/common';
import { Unprocessable } from '@larder/service/errors';

export interface TakePictureDeps {
  /** False for a product that is not on sale. */
  setImage(productId: string, image: Image): Promise<boolean>;
  setCategoryImage(category: string, image: Image): Promise<void>;
}

/**
 * Shows a new picture with the product or the category that it is of. Pictures of other collections are others'.
 *
 * @throws {Unprocessable} for a product that is not on sale: its picture waits among the dead letters until it is.
 */
export const takePicture =
  (deps: TakePictureDeps) =>
  async ({ collection, subject, image }: { collection: string; subject: string; image: Image }): Promise<void> => {
    if (collection === 'categories') await deps.setCategoryImage(subject, image);
    else if (collection === 'products' && !(await deps.setImage(subject, image)))
      throw new Unprocessable('The picture is of a product that is not on sale');
  };
