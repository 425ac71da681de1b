import { randomOf, visitors } from '@larder/testing/traffic/visitors';

/** Events of some 209 bytes, the same for the same seed, as lines of JSON. */
export function eventsOf(count: number, seed = 7): string[] {
  const products = Array.from({ length: 150 }, (_, at) => `product-with-a-name-of-its-own-${at}`);
  const visits = visitors(products, randomOf(seed));
  return Array.from({ length: count }, (_, at) => {
    const id = `01JZ8Q4T9V6W2X3Y4Z${String(at).padStart(8, '0')}`;
    const time = new Date(1_793_612_345_000 + at).toISOString();
    const event = { id, time, ...visits.next().value };
    // Fields that the contract does not know pass, and bring events to their usual size.
    const padding = 209 - JSON.stringify(event).length - ',"agent":""'.length;
    return JSON.stringify({ ...event, agent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 '.repeat(4).slice(0, Math.max(0, padding)) });
  });
}
