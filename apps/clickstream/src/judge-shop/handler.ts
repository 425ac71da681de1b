import { onSchedule } from '@larder/service/on-schedule';
import { raiseAlert } from '../alerts-table.ts';
import { dropPane, findPanes } from '../panes-table.ts';
import { shopRules } from '../rules/index.ts';
import { findWatch, keepWatch } from '../watches-table.ts';
import { judgeShop } from './judge-shop.ts';

const judge = judgeShop({ shopRules, findPanes, dropPane, findWatch, keepWatch, raiseAlert });

export const handler = onSchedule(({ time }) => judge(time));
