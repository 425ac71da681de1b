import type { Rule } from '@larder/streaming/rules/rule';

/** A rule as it stands in a file; it is read, and so checked, when a function starts. One more in `version` with every change. */
export type RuleData = Rule;
