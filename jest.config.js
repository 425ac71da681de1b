// What tests compare has no colours, whoever calls them: nx asks for some.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';

/**
 * Units and what runs in one process. Tests against the laptop cloud: jest.int.config.js.
 *
 * @type {import('jest').Config}
 */
export default {
  roots: ['<rootDir>/apps', '<rootDir>/libs'],
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  // A limit, not a measure: what hangs ends, and a busy machine may take its time.
  testTimeout: 30_000,
  testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/\\.(serverless|esbuild|larder)/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
};
