import { table } from '@larder/service/table';
import type { GatheredPane } from '@larder/streaming/rules/watch';

/** What one shard has gathered for a rule of the whole shop. */
export interface PaneItem {
  /** One for all: there are few, and they are gone after a minute or two. */
  readonly shop: 'shop';
  /** When it begins, the rule, the shard, and the batch that it was over with. */
  readonly pane: string;
  readonly gathered: GatheredPane;
}

const panes = table<PaneItem>('Panes');

/** The same again changes nothing. */
export async function keepPane(gathered: GatheredPane, shardId: string, sequenceNumber: string): Promise<void> {
  const pane = [new Date(gathered.from).toISOString(), gathered.rule, gathered.key, shardId, sequenceNumber].join('#');
  await panes.put({ shop: 'shop', pane, gathered });
}

/** The oldest that nobody has judged. */
export async function findPanes(limit: number): Promise<PaneItem[]> {
  return (await panes.query({ where: 'shop = :shop', values: { ':shop': 'shop' }, limit, consistent: true })).items;
}

export const dropPane = ({ shop, pane }: PaneItem): Promise<void> => panes.delete({ shop, pane });
