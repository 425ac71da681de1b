import type { Image, Money } from '@larder/contracts/common';

/** Something that Larder sells. */
export interface Product {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly price: Money;
  /** Its own picture. */
  readonly image?: Image | undefined;
}
