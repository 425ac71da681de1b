/** Tells whether a text is what a pattern describes. */
export type Matcher = (text: string) => boolean;

/**
 * Compiles a pattern of an IAM policy: `*` stands for any characters (colons and slashes too), `?` for exactly one. Takes at most
 * length of pattern × length of text steps, whatever the pattern.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function wildcard(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  const first = pattern.search(/[*?]/);
  if (first === -1) return (text) => text === pattern;
  if (first === pattern.length - 1 && pattern.endsWith('*')) {
    const prefix = pattern.slice(0, -1);
    return (text) => text.startsWith(prefix);
  }
  return (text) => matches(pattern, text);
}

/**
 * Compiles a pattern for `ArnLike`: each of the six parts of the ARN is compared by itself, so that a `*` stays in its part.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnWildcard(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  const parts = arnParts(pattern).map(wildcard);
  return (text) => {
    const values = arnParts(text);
    return values.length === parts.length && parts.every((part, index) => part(values[index] ?? ''));
  };
}

/** The six parts of an ARN; the sixth, the resource, may hold colons. */
function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Remembers only the latest `*`: going back to an earlier one could not match more. */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const expected = pattern[p];
    if (expected === '*') {
      star = p++;
      resume = t;
    } else if (expected !== undefined && (expected === '?' || expected === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
