/** Turns the addresses of another system into Thumbor's. */
export type Rewrite = (path: string) => string;

/**
 * A rewrite as it is configured: a regular expression with its slashes and flags (`/^\/old\/(.*)/i`), and what takes the place of what it matches (`/$1`).
 *
 * @throws {SyntaxError} when the pattern is no regular expression.
 */
export function toRewrite({ pattern, substitution }: { pattern: string; substitution: string }): Rewrite {
  const written = /^\/(?<source>.*)\/(?<flags>[a-z]*)$/s.exec(pattern)?.groups;
  const expression = new RegExp(written?.source ?? pattern, written?.flags ?? '');
  return (path) => {
    // With the flags g and y an expression remembers where it was.
    expression.lastIndex = 0;
    return path.replace(expression, substitution);
  };
}
