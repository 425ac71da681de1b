import { onMessages } from '@larder/service/on-archive';
import { keepRaw } from '../lake-store.ts';

// Between the tokens of JSON a line break is a blank, and within a text there is none.
export const handler = onMessages(({ id, items }) =>
  keepRaw(
    'bus_events',
    id,
    items.map((body) => body.replaceAll(/[\r\n]/g, ' ')),
    new Date(),
  ),
);
