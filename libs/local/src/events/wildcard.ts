import { invalidPattern, type ValueMatcher } from './pattern-operators.ts';

/**
 * Matches strings by a pattern in which `*` stands for any characters; `\*` and `\\` stand for themselves.
 * Each piece is looked for once, left to right, so that no pattern takes more than linear time a piece.
 *
 * @throws {AwsError} `InvalidEventPatternException` for `**` and for other escapes.
 */
export function wildcardMatcher(pattern: string): ValueMatcher {
  const pieces = split(pattern);
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1);
  if (pieces.length === 1) return (value) => value === first;
  return (value) => {
    if (typeof value !== 'string' || value.length < first.length + last.length) return false;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let position = first.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, position);
      if (found < 0 || found + piece.length > end) return false;
      position = found + piece.length;
    }
    return true;
  };
}

/** The literal pieces between the asterisks. */
function split(pattern: string): string[] {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '*') {
      if (pattern.charAt(index + 1) === '*') throw invalidPattern('Consecutive wildcard characters at pos ' + index);
      pieces.push('');
      continue;
    }
    let literal = character;
    if (character === '\\') {
      literal = pattern.charAt(++index);
      if (literal !== '*' && literal !== '\\') throw invalidPattern(`Invalid escape character at pos ${index - 1}`);
    }
    pieces[pieces.length - 1] += literal;
  }
  return pieces;
}
