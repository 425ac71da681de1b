import { compilePattern, exactStrings, type EventMatcher } from './pattern.ts';
import type { BusEvent, Rule } from './model.ts';

interface CompiledRule {
  readonly rule: Rule;
  readonly matches: EventMatcher;
}

/** The enabled rules of one bus that have a pattern, found by what an event's source and detail-type may be. */
export interface RuleIndex {
  matching(event: BusEvent): readonly Rule[];
}

/** Compiles each rule once. Rules that ask for exact sources and detail-types are not even looked at for other events. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const byKind = new Map<string, CompiledRule[]>();
  const bySource = new Map<string, CompiledRule[]>();
  const others: CompiledRule[] = [];
  for (const rule of rules) {
    if (rule.state !== 'ENABLED' || rule.eventPattern === undefined) continue;
    const compiled = { rule, matches: compilePattern(rule.eventPattern) };
    const sources = exactStrings(rule.eventPattern, 'source');
    const types = exactStrings(rule.eventPattern, 'detail-type');
    if (!sources) others.push(compiled);
    for (const source of new Set(sources)) {
      if (!types) append(bySource, source, compiled);
      for (const type of new Set(types)) append(byKind, kind(source, type), compiled);
    }
  }
  return {
    matching: (event) => {
      const found: Rule[] = [];
      for (const list of [byKind.get(kind(event.source, event['detail-type'])), bySource.get(event.source), others]) {
        for (const compiled of list ?? []) if (compiled.matches(event)) found.push(compiled.rule);
      }
      return found;
    },
  };
}

function kind(source: string, detailType: string): string {
  return `${source}\0${detailType}`;
}

function append(map: Map<string, CompiledRule[]>, key: string, compiled: CompiledRule): void {
  const list = map.get(key);
  if (list) list.push(compiled);
  else map.set(key, [compiled]);
}
