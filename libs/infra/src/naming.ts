/** Every name that the plugin gives, in one place, and the limits that AWS sets. */

/** The beginning of the logical ids that osls derives from a function: `reserveStock` → `ReserveStock`. */
export const logicalPrefix = (functionKey: string): string =>
  functionKey.charAt(0).toUpperCase() + functionKey.slice(1).replaceAll('-', 'Dash').replaceAll('_', 'Underscore');

export const functionId = (functionKey: string): string => `${logicalPrefix(functionKey)}LambdaFunction`;
export const logGroupId = (functionKey: string): string => `${logicalPrefix(functionKey)}LogGroup`;
export const roleId = (functionKey: string): string => `${logicalPrefix(functionKey)}Role`;
export const queueId = (functionKey: string): string => `${logicalPrefix(functionKey)}Queue`;
export const deadLetterQueueId = (functionKey: string): string => `${logicalPrefix(functionKey)}DeadLetterQueue`;

export const deadLetterQueueName = (functionName: string): string => `${functionName}-dead-letters`;

/** A bus belongs to one stage, so that its rules need no stage in their names. */
export const ruleName = (service: string, functionKey: string, detailType: string): string => `${service}-${functionKey}-${detailType}`;

/** `OrdersByCustomer` → `orders-by-customer`. */
export const kebab = (logicalId: string): string =>
  logicalId
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** `psp-sandbox/api-key` → `PSP_SANDBOX_API_KEY`: how the kit's `secret` begins. */
export const variable = (path: string): string => path.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/** `OrdersByCustomer` → `ORDERS_BY_CUSTOMER_TABLE`: where the kit's `table` looks. */
export const tableVariable = (logicalId: string): string => `${words(logicalId)}_TABLE`;

/** `ProductPictures` → `PRODUCT_PICTURES_BUCKET`. */
export const bucketVariable = (logicalId: string): string => `${words(logicalId)}_BUCKET`;

/** `ShopPages` → `SHOP_PAGES_ID`. */
export const distributionVariable = (logicalId: string): string => `${words(logicalId)}_ID`;

/** `PageEvents` → `PAGE_EVENTS_STREAM`. */
export const streamVariable = (logicalId: string): string => `${words(logicalId)}_STREAM`;

/** `Notices` → `NOTICES_TOPIC`: its ARN, where the kit's `notify` looks. */
export const topicVariable = (logicalId: string): string => `${words(logicalId)}_TOPIC`;

const words = (logicalId: string): string => variable(logicalId.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));

export const resourceName = (stage: string, service: string, logicalId: string): string => `larder-${stage}-${service}-${kebab(logicalId)}`;

/** Where a value stands in SSM or a secret in Secrets Manager. */
export const path = (stage: string, rest: string): string => `/larder/${stage}/${rest}`;

/** The longest stage that names have to leave room for: what fits today is not to be refused on the day of the release. */
const roomForStage = 'production';

/** Sentences about names that AWS would refuse. */
export function tooLongNames(
  service: string,
  stage: string,
  region: string,
  functionKey: string,
  detailTypes: readonly string[],
): string[] {
  const longest = stage.length > roomForStage.length ? stage : roomForStage;
  const deployed = `${service}-${longest}-${functionKey}`;
  const names: [kind: string, name: string, limit: number][] = [
    ['function', deployed, 64],
    ['role', `${deployed}-${region}`, 64],
    ['queue', deadLetterQueueName(deployed), 80],
    ...detailTypes.map((type): [string, string, number] => ['rule', ruleName(service, functionKey, type), 64]),
  ];
  const worst = names.map(([kind, name, limit]) => ({ kind, name, limit, over: name.length - limit })).sort((a, b) => b.over - a.over)[0];
  if (!worst || worst.over <= 0) return [];
  const { kind, name, limit, over } = worst;
  return [
    `functions.${functionKey}: its ${kind} would be named '${name}', ${over} over AWS's limit of ${limit} characters; choose a shorter function name.`,
  ];
}

/** Where a service writes the ARN of a stream of its own, for who reads it: `clickstream/page-events-stream-arn`. */
export const streamArnPath = (service: string, logicalId: string): string => `${service}/${kebab(logicalId)}-stream-arn`;

/** The template parameter with the ARN of another service's stream: of `clickstream.PageEvents.v1`, `ClickstreamPageEventsStreamArn`. */
export const foreignStreamParameter = (contract: string): string => {
  const [owner = '', id = ''] = contract.split('.');
  return `${logicalPrefix(owner)}${id}StreamArn`;
};
