import { pageEvents } from '@larder/contracts/clickstream/page-events';
import { onStream } from '@larder/service/on-stream';
import { findMinute, keepMinute } from '../minutes-table.ts';
import { countEvents } from './count-events.ts';

export const handler = onStream(pageEvents, countEvents({ findMinute, keepMinute, now: () => new Date() }));
