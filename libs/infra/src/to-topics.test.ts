import { mill, only } from '../test/fixtures/words.ts';
import { toTemplate, takenNames } from './template.ts';
import { toEnvironment } from './to-environment.ts';
import { toStatements } from './to-role.ts';

const { fn, service, problems } = only({ access: [{ topic: 'Prices', may: ['publish'] }] });

test('who publishes to a topic may do that and nothing else with it, and finds its ARN', () => {
  expect(problems).toEqual([]);
  expect(toStatements(fn, service).slice(2)).toEqual([{ Effect: 'Allow', Action: ['sns:Publish'], Resource: [{ Ref: 'Prices' }] }]);
  expect(toEnvironment(fn, service)).toEqual({ PRICES_TOPIC: { Ref: 'Prices' } });
});

test('the topic is encrypted, and has a policy that lets nobody in and refuses what is not encrypted', () => {
  const { Prices, PricesTopicPolicy } = toTemplate(service).Resources;
  expect(Prices).toMatchObject({
    Properties: { TopicName: 'larder-dev-mill-prices', KmsMasterKeyId: 'alias/aws/sns', DisplayName: 'Flour' },
  });
  expect(PricesTopicPolicy?.Properties).toMatchObject({
    Topics: [{ Ref: 'Prices' }],
    PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
  });
  expect(takenNames(service, ['Prices', 'PricesTopicPolicy'])).toEqual([expect.stringMatching(/^resources.Resources.PricesTopicPolicy: /)]);
});

test('a topic that no function publishes to stays as it is written: alarms could not publish to it otherwise', () => {
  const { Resources } = toTemplate(mill({}).service);
  expect(Object.keys(Resources).filter((id) => /Prices|Recalls/.test(id))).toEqual([]);
});

test('a topic that has a policy in resources.yml keeps it', () => {
  const { Resources } = toTemplate(only({ access: [{ topic: 'Recalls', may: ['publish'] }] }).service);
  expect(Object.keys(Resources).filter((id) => id.startsWith('Recalls'))).toEqual(['Recalls']);
});
