/** What a page may say, by type: what stands in `clickstream.PageEvents.v1`, whose tests hold it to that. */
export interface PageEvents {
  /** `page`: which one, as its path. Not its query: people's names stand in queries. */
  'page.viewed': { readonly page: string };
  'search.made': { readonly words: string };
  'product.viewed': { readonly productId: string };
  'basket.added': { readonly productId: string; readonly quantity: number };
  'coupon.tried': { readonly code: string };
}
