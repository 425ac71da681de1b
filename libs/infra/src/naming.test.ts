import { kebab, logicalPrefix, tableVariable, tooLongNames, variable } from './naming.ts';
import { suggestion } from './nearest.ts';

test.each([
  ['Stock', 'stock'],
  ['OrdersByCustomer', 'orders-by-customer'],
  ['APIKeys', 'api-keys'],
])('%s is %s in the names of tables', (id, name) => {
  expect(kebab(id)).toBe(name);
});

test.each([
  ['Stock', 'STOCK_TABLE'],
  ['OrdersByCustomer', 'ORDERS_BY_CUSTOMER_TABLE'],
  ['APIKeys', 'APIKEYS_TABLE'],
  ['Top10Products', 'TOP10_PRODUCTS_TABLE'],
])('the table %s is looked up by the kit as %s', (id, name) => {
  expect(tableVariable(id)).toBe(name);
});

test.each([
  ['psp-sandbox/api-key', 'PSP_SANDBOX_API_KEY'],
  ['psp-sandbox/apiKey', 'PSP_SANDBOX_APIKEY'],
])('the secret %s is looked up by the kit as %s', (path, name) => {
  expect(variable(path)).toBe(name);
});

test('logical ids are those that osls derives', () => {
  expect(logicalPrefix('psp-sandbox_a')).toBe('PspDashsandboxUnderscorea');
});

test.each([
  ['rule', 'service', 'f', ['A'.repeat(70)]],
  ['role', 'a-rather-long-service', 'and-a-rather-long-function', []],
] as const)('a %s whose name is too long is refused', (kind, service, key, types) => {
  expect(tooLongNames(service, 'dev', 'us-east-1', key, types)).toEqual([expect.stringContaining(`its ${kind} would be named`)]);
});

test('a name that just fits is not refused', () => {
  expect(tooLongNames('notifications', 'dev', 'us-east-1', 'a'.repeat(64 - 'notifications-production--us-east-1'.length), [])).toEqual([]);
});

test('a name is suggested only when it is near', () => {
  expect(suggestion('orders.OrderPlaced.v2', ['orders.OrderPlaced.v1', 'orders.OrderRejected.v1'])).toBe(
    '; did you mean orders.OrderPlaced.v1?',
  );
  expect(suggestion('x', ['Stock', 'Reservations'])).toBe('; there are Stock, Reservations');
  expect(suggestion('x', [])).toBe('; there is none');
});
