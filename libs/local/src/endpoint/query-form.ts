import { AwsError } from '../kernel/aws-error.ts';

/** A member of a form: a text, or the members below it. */
type Node = string | Map<string, Node>;

/** More levels than any API has. */
const deepest = 12;

/**
 * Reads the form of the query protocol: `Tags.member.1.Key=a` is the key of the first of a list, `Attributes.entry.1.key=a` with
 * `….value=b` the first entry of a map, whose members are also called `Name` and `Value`.
 *
 * @throws {AwsError} `MalformedQueryString`.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readForm(form: URLSearchParams): Record<string, unknown> {
  const root = new Map<string, Node>();
  for (const [name, value] of form) put(root, name.split('.'), value);
  return Object.fromEntries([...root].map(([name, node]) => [name, toValue(node)]));
}

function put(root: Map<string, Node>, path: readonly string[], value: string): void {
  if (path.length > deepest) throw malformed(path);
  let at = root;
  for (const name of path.slice(0, -1)) {
    const next = at.get(name) ?? new Map<string, Node>();
    if (typeof next === 'string') throw malformed(path);
    at.set(name, next);
    at = next;
  }
  const last = path.at(-1)!;
  if (at.get(last) instanceof Map) throw malformed(path);
  at.set(last, value);
}

function toValue(node: Node): unknown {
  if (typeof node === 'string') return node;
  const [first, ...more] = node;
  const members = more.length === 0 ? first?.[1] : undefined;
  if (members instanceof Map && first?.[0] === 'member') return inOrder(members).map(toValue);
  if (members instanceof Map && first?.[0] === 'entry') return Object.fromEntries(inOrder(members).map(toEntry));
  return Object.fromEntries([...node].map(([name, each]) => [name, toValue(each)]));
}

function inOrder(numbered: Map<string, Node>): Node[] {
  return [...numbered].sort(([a], [b]) => Number(a) - Number(b)).map(([, node]) => node);
}

function toEntry(node: Node): [string, unknown] {
  const entry = typeof node === 'string' ? new Map<string, Node>() : node;
  const value = entry.get('value') ?? entry.get('Value');
  return [String(entry.get('key') ?? entry.get('Name') ?? ''), value === undefined ? '' : toValue(value)];
}

function malformed(path: readonly string[]): AwsError {
  return new AwsError('MalformedQueryString', `The form has something else where it has '${path.join('.').slice(0, 200)}'.`);
}
