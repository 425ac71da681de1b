import { BarChart, FunnelChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Drawing, toOption } from './to-option.ts';

use([BarChart, LineChart, PieChart, FunnelChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);

const drawn = new WeakMap<HTMLElement, ECharts>();

/** Draws into an element, over what was drawn there before. */
export function draw(element: HTMLElement, drawing: Drawing): void {
  const chart = drawn.get(element) ?? begin(element);
  const style = getComputedStyle(element);
  chart.setOption({ ...toOption(drawing, { text: style.color, line: style.borderTopColor }) }, true);
}

function begin(element: HTMLElement): ECharts {
  const chart = init(element, undefined, { renderer: 'svg' });
  drawn.set(element, chart);
  const watch = new ResizeObserver(() => {
    if (element.isConnected) return chart.resize();
    watch.disconnect();
    chart.dispose();
  });
  watch.observe(element);
  return chart;
}
