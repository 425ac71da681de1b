import units from './jest.config.js';

/**
 * Tests against the laptop cloud, as a child process. One after another: they look at clocks.
 *
 * @type {import('jest').Config}
 */
export default {
  ...units,
  testMatch: ['**/*.int.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 60_000,
};
