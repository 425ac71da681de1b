import { onRecords } from '@larder/service/on-archive';
import { keepRaw } from '../lake-store.ts';
import { toLines } from './to-lines.ts';

export const handler = onRecords(({ id, items }) => keepRaw('page_events', id, items.flatMap(toLines), new Date()));
