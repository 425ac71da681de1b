/** What windows there are. All lengths in milliseconds. */
export type Shape =
  /** One after the other. */
  | { readonly kind: 'tumbling'; readonly size: number }
  /** Of one size, beginning every so often: with `every` below `size` they overlap. */
  | { readonly kind: 'sliding'; readonly size: number; readonly every: number }
  /** As long as a key says something, and a while longer. */
  | { readonly kind: 'session'; readonly gap: number };

export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The windows that a moment is in; of a session the one that it opens when it meets no other. Windows begin at multiples of their step since 1970. */
export function spansOf(shape: Shape, time: number): Span[] {
  if (shape.kind === 'session') return [{ from: time, to: time + shape.gap }];
  const { size } = shape;
  const every = shape.kind === 'tumbling' ? size : shape.every;
  const spans: Span[] = [];
  for (let from = Math.floor(time / every) * every; from + size > time; from -= every) spans.push({ from, to: from + size });
  return spans;
}
