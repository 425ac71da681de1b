import { type Dashboard, lastDay } from './dashboard.ts';

export const deliveryHealth: Dashboard = {
  ...{ name: 'delivery-health', title: 'Delivery health', about: 'How orders and events get through, in the last day.', every: 60 },
  panels: [
    { title: 'Orders that have not ended', chart: 'number', sql: `SELECT count(*) AS open FROM orders WHERE status = 'PLACED'` },
    {
      title: 'Half are confirmed within, ms',
      chart: 'number',
      sql: `SELECT coalesce(median(date_diff('millisecond', placed_at, ended_at)), 0)::DOUBLE AS ms FROM orders WHERE status = 'CONFIRMED'`,
    },
    {
      ...{ title: 'Time to confirm by hour, ms', chart: 'line', wide: true },
      sql: `SELECT date_trunc('hour', ended_at) AS hour, quantile_cont(date_diff('millisecond', placed_at, ended_at), 0.5)::DOUBLE AS p50, quantile_cont(date_diff('millisecond', placed_at, ended_at), 0.95)::DOUBLE AS p95 FROM orders WHERE status = 'CONFIRMED' GROUP BY 1 ORDER BY 1`,
    },
    {
      title: 'Payments',
      chart: 'pie',
      sql: `SELECT regexp_extract(type, 'Payment(\\w+)', 1) AS payment, count(*) AS events FROM bus_events WHERE type LIKE 'payments.%' AND ${lastDay} GROUP BY 1 ORDER BY 2 DESC`,
    },
    {
      title: 'Events of each service',
      chart: 'bar',
      sql: `SELECT replace(source, 'larder.', '') AS service, count(*) AS events FROM bus_events WHERE ${lastDay} GROUP BY 1 ORDER BY 2 DESC`,
    },
  ],
};
