import { type Dashboard, lastDay } from './dashboard.ts';

export const funnel: Dashboard = {
  ...{ name: 'funnel', title: 'Funnel', about: 'From a look to an order, in the last day.', every: 60 },
  panels: [
    { title: 'Visitors', chart: 'number', sql: `SELECT count(DISTINCT session_id) AS visitors FROM page_events WHERE ${lastDay}` },
    {
      ...{ title: 'Conversion, % of visitors who viewed', chart: 'number' },
      sql: `SELECT coalesce(100 * count(*) FILTER (type = 'order.confirmed') / nullif(count(DISTINCT session_id) FILTER (type = 'product.viewed'), 0), 0)::DOUBLE AS conversion FROM page_events WHERE ${lastDay}`,
    },
    {
      ...{ title: 'From a look to an order', chart: 'funnel', wide: true },
      sql: `SELECT step, n FROM (SELECT count(DISTINCT session_id) FILTER (type = 'product.viewed') AS viewed, count(DISTINCT session_id) FILTER (type = 'basket.added') AS added, count(*) FILTER (type = 'order.placed') AS ordered, count(*) FILTER (type = 'order.confirmed') AS confirmed FROM page_events WHERE ${lastDay}) UNPIVOT (n FOR step IN (viewed, added, ordered, confirmed))`,
    },
    {
      title: 'Events by minute',
      chart: 'line',
      wide: true,
      sql: `SELECT date_trunc('minute', event_time) AS minute, count(*) AS events FROM page_events WHERE event_time >= TIMESTAMP '{threeHoursAgo}' GROUP BY 1 ORDER BY 1`,
    },
    {
      title: 'Looked at most',
      chart: 'bar',
      sql: `SELECT product_id AS product, count(*) AS views FROM page_events WHERE type = 'product.viewed' AND ${lastDay} GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    },
    {
      title: 'What visitors do',
      chart: 'pie',
      sql: `SELECT type, count(*) AS events FROM page_events WHERE ${lastDay} GROUP BY 1 ORDER BY 2 DESC`,
    },
  ],
};
