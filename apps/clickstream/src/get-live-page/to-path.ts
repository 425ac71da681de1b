/**
 * A line through values, the newest at the right, as the `d` of an SVG path. It rises and falls between the least and the most of them.
 *
 * The page gets this function as its source text: everything that it uses must stand in it.
 *
 * @param room values that there is room for.
 */
export function toPath(values: readonly number[], room: number, width: number, height: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value, at) => {
      const x = width - ((values.length - 1 - at) * width) / (room - 1);
      const y = most === least ? height / 2 : height - ((value - least) / (most - least)) * height;
      return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
