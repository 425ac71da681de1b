import { type Dashboard, lastDay } from './dashboard.ts';

export const stock: Dashboard = {
  ...{
    name: 'stock',
    title: 'Stock',
    about: 'What was set aside for orders, and what they asked for in vain, in the last day.',
    every: 60,
  },
  panels: [
    {
      title: 'Orders with everything there',
      chart: 'number',
      sql: `SELECT count(*) AS reserved FROM bus_events WHERE type = 'inventory.StockReserved.v1' AND ${lastDay}`,
    },
    {
      title: 'Orders that asked for more than there was',
      chart: 'number',
      sql: `SELECT count(*) AS rejected FROM bus_events WHERE type = 'inventory.StockRejected.v1' AND ${lastDay}`,
    },
    {
      ...{ title: 'Set aside most', chart: 'bar', wide: true },
      sql: `SELECT line ->> '$.productId' AS product, sum((line ->> '$.quantity')::BIGINT) AS quantity FROM (SELECT unnest((data -> '$.lines')::JSON[]) AS line FROM bus_events WHERE type = 'inventory.StockReserved.v1' AND ${lastDay}) GROUP BY 1 ORDER BY 2 DESC LIMIT 20`,
    },
    {
      ...{ title: 'Asked for in vain', chart: 'bar', wide: true },
      sql: `SELECT missed ->> '$.productId' AS product, sum((missed ->> '$.requested')::BIGINT - (missed ->> '$.available')::BIGINT) AS missing FROM (SELECT unnest((data -> '$.shortages')::JSON[]) AS missed FROM bus_events WHERE type = 'inventory.StockRejected.v1' AND ${lastDay}) GROUP BY 1 ORDER BY 2 DESC LIMIT 20`,
    },
  ],
};
