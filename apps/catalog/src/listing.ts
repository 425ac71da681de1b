import type { Product } from './product.ts';

/**
 * The lists that people browse, and where a product stands in them:
 * `all`, `category/<category>`, `word/<first letter>` and `word/<category>/<first letter>` for searching, and `categories`.
 */
export interface Entry {
  readonly list: string;
  /** Entries of a list are sorted by it. */
  readonly position: string;
  /** Absent in the list of categories. */
  readonly product?: Product | undefined;
  /** The word that put the product into a list of words. */
  readonly word?: string | undefined;
}

/** What a list is asked for. */
export interface Search {
  readonly category?: string | undefined;
  /** Words, or beginnings of words, of a product's name. */
  readonly q?: string | undefined;
}

/** The words of a name, without accents and capitals. */
export function wordsOf(text: string): string[] {
  const words = text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return [...new Set(words.filter(Boolean))].sort();
}

/** Every entry of a product. */
export function entriesOf(product: Product): Entry[] {
  const { category, productId } = product;
  const words = wordsOf(product.name);
  const position = `${words.join(' ')}#${productId}`;
  return [
    { list: 'categories', position: category },
    { list: 'all', position, product },
    { list: `category/${category}`, position, product },
    ...words.flatMap((word) =>
      [`word/${initialOf(word)}`, `word/${category}/${initialOf(word)}`].map((list) => ({
        list,
        position: `${word}#${productId}`,
        product,
        word,
      })),
    ),
  ];
}

/** Which list answers a search, and how the positions begin that are looked for. */
export function listFor({ category, q }: Search): { list: string; prefix: string } | undefined {
  if (q === undefined) return { list: category === undefined ? 'all' : `category/${category}`, prefix: '' };
  const prefix = wordsOf(q).reduce((longest, word) => (word.length > longest.length ? word : longest), '');
  if (prefix === '') return undefined;
  return { list: `word/${category === undefined ? '' : `${category}/`}${initialOf(prefix)}`, prefix };
}

/** The first letter, whole: half of a surrogate pair is no text that a key could be. */
function initialOf(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) as number);
}

/**
 * Whether an entry belongs to a search's answer: every word that is looked for begins a word of the name, and of the words by which
 * the product is in the list, this is the first that fits, so that no product is given twice.
 */
export function answers({ q }: Search, entry: Entry, prefix: string): boolean {
  if (q === undefined || !entry.product) return true;
  const words = wordsOf(entry.product.name);
  return (
    wordsOf(q).every((sought) => words.some((word) => word.startsWith(sought))) &&
    words.find((word) => word.startsWith(prefix)) === entry.word
  );
}
