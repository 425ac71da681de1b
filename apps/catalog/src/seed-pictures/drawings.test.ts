import { products } from '../seed/assortment.ts';
import { drawings } from './drawings.ts';

it('every category of the assortment is drawn, and no other', () => {
  expect(Object.keys(drawings).sort()).toEqual([...new Set(products.map(({ category }) => category))].sort());
});
