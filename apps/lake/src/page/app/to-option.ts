export const chartKinds = ['line', 'bar', 'pie', 'funnel', 'number'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** What is to be drawn: rows whose first column names them, and whose others are numbers. */
export interface Drawing {
  readonly kind: ChartKind;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** More than people can tell apart. */
const mostPoints = 2000;
const numbers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/;
const times = /^(TIMESTAMP|DATE)/;

/** The columns that are numbers, but for the first one. */
export const seriesOf = (columns: Drawing['columns']): number[] =>
  columns.flatMap(({ type }, at) => (at > 0 && numbers.test(type) ? [at] : []));

/** How an answer is best drawn, if at all: over time as a line, else as bars. */
export function kindOf(columns: Drawing['columns'], rows: Drawing['rows']): ChartKind | undefined {
  if (rows.length === 0 || seriesOf(columns).length === 0) return undefined;
  return times.test(columns[0]?.type ?? '') || columns[0]?.name === 'hour' ? 'line' : 'bar';
}

/** Times as short as they can be: without seconds that are none, and without the day when it is always the same. */
function toNames(names: readonly string[]): string[] {
  const times = names.map((name) => /^(\d{4}-\d\d-\d\d) (\d\d:\d\d):00$/.exec(name));
  if (names.length === 0 || times.some((time) => time === null)) return [...names];
  const days = new Set(times.map((time) => time?.[1]));
  return times.map((time) => (days.size === 1 ? (time?.[2] ?? '') : `${time?.[1]?.slice(5)} ${time?.[2]}`));
}

/** An option of ECharts. https://echarts.apache.org/en/option.html */
export function toOption({ kind, columns, rows }: Drawing, ink: { readonly text: string; readonly line: string }): object {
  const shown = rows.slice(0, mostPoints);
  const names = toNames(shown.map(([name]) => String(name ?? '–')));
  const valueOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
  const series = seriesOf(columns);
  const common = {
    ...{
      color: ['#2f8f5f', '#e0a526', '#4e7fd1', '#c95f4b', '#8a6bbf', '#3aa6a6'],
      animationDuration: 300,
      textStyle: { color: ink.text, fontFamily: 'inherit' },
    },
    tooltip: { trigger: kind === 'line' || kind === 'bar' ? 'axis' : 'item', renderMode: 'richText', confine: true },
  };
  if (kind === 'pie' || kind === 'funnel') {
    const [at = 1] = series;
    const data = shown.map((row, place) => ({ name: names[place], value: valueOf(row[at]) }));
    const shape =
      kind === 'pie'
        ? { radius: ['42%', '68%'], center: ['50%', '42%'] }
        : { sort: 'none', gap: 3, left: '8%', width: '84%', top: 8, bottom: 8 };
    const label = { show: kind === 'funnel', color: '#fff', formatter: '{b}: {c}', position: 'inside' };
    const legend = { bottom: 0, type: 'scroll', textStyle: { color: ink.text } };
    return { ...common, ...(kind === 'pie' && { legend }), series: [{ type: kind, data, ...shape, label }] };
  }
  const axis = {
    axisLabel: { color: ink.text },
    axisLine: { lineStyle: { color: ink.line } },
    splitLine: { lineStyle: { color: ink.line } },
  };
  return {
    ...common,
    grid: { left: 8, right: 16, top: series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    ...(series.length > 1 && { legend: { top: 0, textStyle: { color: ink.text } } }),
    xAxis: { type: 'category', data: names, ...axis, splitLine: { show: false } },
    yAxis: { type: 'value', ...axis },
    series: series.map((at) => ({
      ...{ type: kind, name: columns[at]?.name, data: shown.map((row) => valueOf(row[at])) },
      ...(kind === 'line'
        ? { showSymbol: shown.length < 40, smooth: 0.2, areaStyle: series.length === 1 ? { opacity: 0.12 } : undefined }
        : { barMaxWidth: 48, itemStyle: { borderRadius: [4, 4, 0, 0] } }),
    })),
  };
}
