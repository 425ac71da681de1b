import { type Dashboard, lastDay } from './dashboard.ts';

export const sales: Dashboard = {
  ...{ name: 'sales', title: 'Sales', about: 'What was sold in the last day, of confirmed orders.', every: 60 },
  panels: [
    {
      title: 'Revenue, €',
      chart: 'number',
      sql: `SELECT coalesce(sum(amount), 0)::DOUBLE / 100 AS revenue FROM orders WHERE status = 'CONFIRMED' AND ended_at >= TIMESTAMP '{dayAgo}'`,
    },
    { title: 'Orders', chart: 'number', sql: `SELECT count(*) AS orders FROM orders WHERE placed_at >= TIMESTAMP '{dayAgo}'` },
    {
      title: 'Revenue by hour, €',
      chart: 'line',
      wide: true,
      sql: `SELECT date_trunc('hour', ended_at) AS hour, sum(amount)::DOUBLE / 100 AS revenue FROM orders WHERE status = 'CONFIRMED' GROUP BY 1 ORDER BY 1`,
    },
    { title: 'What became of orders', chart: 'pie', sql: `SELECT status, count(*) AS orders FROM orders GROUP BY 1 ORDER BY 2 DESC` },
    {
      title: 'Sold most',
      chart: 'bar',
      sql: `SELECT line ->> '$.productId' AS product, sum((line ->> '$.quantity')::BIGINT) AS sold FROM (SELECT unnest((data -> '$.lines')::JSON[]) AS line FROM bus_events WHERE type = 'orders.OrderPlaced.v1' AND ${lastDay}) GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
    },
  ],
};
