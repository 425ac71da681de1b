import type { Rule } from '@larder/streaming/rules/rule';
import { type Alert, createWatch } from '@larder/streaming/rules/watch';
import type { PaneItem } from '../panes-table.ts';
import type { Watched } from '../watches-table.ts';

export interface JudgeShopDeps {
  readonly shopRules: readonly Rule[];
  findPanes(limit: number): Promise<readonly PaneItem[]>;
  dropPane(pane: PaneItem): Promise<void>;
  findWatch(watchId: string): Promise<Watched>;
  keepWatch(watchId: string, watched: Watched, now: Date): Promise<void>;
  raiseAlert(alert: Alert): Promise<void>;
}

/** What shards hand over comes so long after its time at most: they do when something newer has come. What is later counts when it comes. */
const grace = 90_000;
const atOnce = 500;
const shop = 'shop';

/** Judges the shop as a whole by what its shards have gathered. Time passes here by the clock, so that nothing happening is seen too. @param time the moment that the schedule means. */
export function judgeShop({ shopRules, findPanes, dropPane, findWatch, keepWatch, raiseAlert }: JudgeShopDeps) {
  const watch = createWatch({ rules: shopRules, outOfOrderMs: 0, idleMs: Number.MAX_SAFE_INTEGER });
  return async (time: Date): Promise<void> => {
    const before = await findWatch(shop);
    const items = await findPanes(atOnce);
    // What the run before has taken, and perhaps did not come to drop.
    const fresh = items.filter(({ pane }) => !before.takenPanes?.includes(pane));
    const panes = fresh.map(({ gathered }) => gathered);
    const batch = { panes, shardId: shop, sequenceNumber: String(time.getTime()), reached: time.getTime() - grace };
    const { state, alerts } = watch(before.state, batch, time.getTime());
    if (state === before.state) return;
    for (const alert of alerts) await raiseAlert(alert);
    await keepWatch(shop, { state, version: before.version + 1, takenPanes: items.map(({ pane }) => pane) }, time);
    for (const item of items) await dropPane(item);
  };
}
