import { readIntegration } from './read-properties.ts';

const timeoutOf = (properties: object): number => {
  const IntegrationUri = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const all = { IntegrationType: 'AWS_PROXY', IntegrationUri, ...properties };
  return readIntegration({ logicalId: 'I', properties: all, stackName: 's', service: 's', packageDirectory: '' }, 'i').timeoutMs;
};

test('an integration has 30 seconds, or less when it is said, and never more', () => {
  expect([timeoutOf({}), timeoutOf({ TimeoutInMillis: '5000' }), timeoutOf({ TimeoutInMillis: 60_000 })]).toEqual([30_000, 5_000, 30_000]);
});
