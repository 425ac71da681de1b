/** The values that a request brings for condition keys and policy variables. */
export interface Context {
  /** Values of a key, whose name is compared without regard to case; undefined when the request has none. */
  get(key: string): readonly string[] | undefined;
}

/** Makes a context of several sources; an earlier one wins. */
export function contextOf(...sources: readonly Readonly<Record<string, string | readonly string[]>>[]): Context {
  const values = new Map<string, readonly string[]>();
  for (const source of sources.toReversed()) {
    for (const [key, value] of Object.entries(source)) values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return { get: (key) => values.get(key.toLowerCase()) };
}

/**
 * Puts values in the place of policy variables: `${aws:PrincipalAccount}`, `${aws:username, 'nobody'}`, and `${*}`, `${?}`, `${$}` for
 * the characters themselves.
 *
 * @returns undefined when the request has no single value for a variable: the statement then does not match.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function fillIn(text: string, context: Context): string | undefined {
  let known = true;
  const filled = text.replaceAll(/\$\{([^{}]+)\}/g, (_, inner: string) => {
    if (inner === '*' || inner === '?' || inner === '$') return inner;
    const [, key = inner, otherwise] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)')?\s*$/.exec(inner) ?? [];
    const values = context.get(key);
    const value = values?.length === 1 ? values[0] : otherwise;
    if (value === undefined) known = false;
    return value ?? '';
  });
  return known ? filled : undefined;
}
