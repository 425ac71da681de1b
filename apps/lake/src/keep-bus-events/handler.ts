import { onMessages } from '@larder/service/on-archive';
import { keepRaw } from '../lake-store.ts';

export const handler = onMessages(({ id, items }) => keepRaw('bus_events', id, items, new Date()));
