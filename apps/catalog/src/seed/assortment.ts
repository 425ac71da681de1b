import type { Product } from '../product.ts';

/**
 * The opening assortment: per category, a product and its price in euro cents. Names and prices are made up, to look like a grocer's.
 */
const assortment: Readonly<Record<string, string>> = {
  fruit: `Braeburn apple 49 | Elstar apple 45 | Conference pear 55 | Ripe banana 29 | Blood orange 59 | Juicy lemon 39 | Key lime 35 | Hass avocado 149 |
    Golden kiwi 65 | Alphonso mango 249 | Strawberries, punnet 349 | Blueberries, punnet 399 | Raspberries, punnet 379 | Seedless grapes, 500 g 329 |
    Piel de Sapo melon 399 | Half watermelon 299 | Fresh figs, four 289 | Pineapple 279 | Pomegranate 199 | Nectarine 59`,
  vegetables: `Carrots, bunch 179 | Cherry tomatoes 229 | Vine tomatoes, 500 g 199 | Cucumber 89 | Red pepper 119 | Courgette 99 | Aubergine 149 | Broccoli 169 |
    Cauliflower 249 | Savoy cabbage 219 | Baby spinach 189 | Rocket 159 | Butterhead lettuce 129 | Spring onions 89 | Red onions, 1 kg 159 | Garlic, three bulbs 149 |
    Fresh ginger, 100 g 79 | Waxy potatoes, 2 kg 299 | Sweet potatoes, 1 kg 249 | Chestnut mushrooms 199 | Celeriac 189 | Leeks, two 169 | Radishes, bunch 119 | Green asparagus 349`,
  bakery: `Sourdough loaf 389 | Wholemeal loaf 319 | Rye bread 349 | Baguette 139 | Ciabatta 199 | Butter croissant 129 | Pain au chocolat 149 | Cinnamon bun 199 |
    Poppy seed roll 69 | Pretzel 99 | Plain bagels, four 249 | Flour tortillas, eight 229 | Carrot cake 499 | Lemon drizzle cake 459 | Oat cookies 279`,
  dairy: `Whole milk, 1 l 139 | Semi-skimmed milk, 1 l 129 | Oat drink, 1 l 199 | Soy drink, 1 l 179 | Salted butter, 250 g 269 | Unsalted butter, 250 g 259 |
    Greek yoghurt, 500 g 299 | Natural yoghurt, 500 g 169 | Skyr, 450 g 249 | Crème fraîche 149 | Double cream 179 | Cottage cheese 169 | Mozzarella 149 |
    Mature cheddar, 300 g 399 | Young gouda, 400 g 449 | Camembert 279 | Feta, 200 g 259 | Parmesan, 150 g 429 | Goat cheese log 299 | Free-range eggs, ten 349`,
  'meat-and-fish': `Chicken breast, 400 g 599 | Whole chicken 899 | Minced beef, 500 g 549 | Rump steak, 250 g 749 | Pork chops, two 429 | Smoked bacon 299 | Cooked ham 279 |
    Salami, sliced 259 | Bratwurst, five 399 | Salmon fillet, 250 g 699 | Cod loin, 250 g 649 | Smoked mackerel 349 | Cooked prawns 499 | Herring in cream 289`,
  plants: `Firm tofu 229 | Smoked tofu 269 | Tempeh 289 | Falafel, twelve 329 | Hummus 199 | Veggie burger, two 349 | Seitan strips 379 | Lentil spread 219`,
  pantry: `Spaghetti, 500 g 119 | Penne, 500 g 119 | Fresh tagliatelle 279 | Basmati rice, 1 kg 329 | Risotto rice, 500 g 249 | Couscous, 500 g 179 | Red lentils, 500 g 199 |
    Chickpeas, tin 99 | Kidney beans, tin 99 | Chopped tomatoes, tin 89 | Passata 139 | Coconut milk 159 | Vegetable stock 189 | Wheat flour, 1 kg 99 |
    Caster sugar, 1 kg 149 | Sea salt 99 | Black peppercorns 279 | Extra virgin olive oil, 750 ml 899 | Sunflower oil, 1 l 249 | Balsamic vinegar 349 |
    Soy sauce 229 | Dijon mustard 179 | Tomato ketchup 249 | Basil pesto 279 | Peanut butter 329 | Strawberry jam 249 | Forest honey 499 | Rolled oats, 1 kg 179 | Crunchy muesli 349 | Cornflakes 279`,
  snacks: `Salted crisps 199 | Paprika crisps 199 | Tortilla chips 189 | Roasted cashews 349 | Salted peanuts 199 | Trail mix 299 | Dark chocolate 70 % 249 |
    Milk chocolate 199 | Hazelnut wafers 229 | Wine gums 179 | Liquorice 189 | Rice cakes 149 | Salted pretzels 159 | Green olives 249`,
  drinks: `Still water, six 299 | Sparkling water, six 329 | Apple juice, 1 l 199 | Orange juice, 1 l 299 | Elderflower cordial 449 | Cola, 1 l 149 | Ginger beer, four 499 |
    Tonic water, four 399 | Filter coffee, 500 g 699 | Espresso beans, 1 kg 1499 | Earl Grey tea 329 | Peppermint tea 249 | Alcohol-free lager, six 549 | Pale ale 279 | Riesling 899 | Rioja 1099`,
  frozen: `Garden peas, 750 g 249 | Leaf spinach, 600 g 219 | Mixed berries, 500 g 399 | Oven chips, 1 kg 279 | Pizza Margherita 349 | Fish fingers, ten 379 |
    Vanilla ice cream 449 | Lemon sorbet 399 | Vegetable dumplings 429 | Puff pastry 229`,
  household: `Washing-up liquid 199 | Laundry detergent 799 | Dishwasher tablets 699 | Kitchen roll, four 349 | Toilet paper, eight 449 | Bin bags, 20 l 199 |
    All-purpose cleaner 249 | Sponges, five 179 | Baking paper 229 | Aluminium foil 249 | Beeswax candles 599 | Matches 99`,
};

/** Every product of the opening assortment; the identifier is made of the name. */
export const products: readonly Product[] = Object.entries(assortment).flatMap(([category, text]) =>
  text.split('|').map((entry): Product => {
    const [, name, cents] = /^(.+) (\d+)$/s.exec(entry.trim()) as unknown as [string, string, string];
    return { productId: slug(name), name, category, price: { amount: Number(cents), currency: 'EUR' } };
  }),
);

function slug(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
