import { AwsError } from '../kernel/aws-error.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { generatedId } from '../kernel/generated-name.ts';
import type { ResourceType } from '../kernel/resource-type.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export interface Pool {
  readonly id: string;
  readonly arn: string;
}

/** An application that signs people in. */
export interface Client {
  readonly id: string;
  readonly poolId: string;
  readonly name: string;
  /** `ALLOW_USER_PASSWORD_AUTH`…; undefined when the template does not say. */
  readonly flows: readonly string[] | undefined;
  readonly idTokenSeconds: number;
  readonly accessTokenSeconds: number;
}

export interface Pools {
  put(pool: Pool): void;
  putClient(client: Client): void;
  remove(id: string): void;
  get(id: string): Pool | undefined;
  client(id: string): Client | undefined;
  /** The first client of a pool, or of the first pool. */
  defaultClient(poolId?: string): Client | undefined;
  /** A pool by its `ProviderURL`, or by the address that it has on AWS: many templates write that by hand. */
  byIssuer(issuerUrl: string): Pool | undefined;
  /** `iss` of a pool's tokens, and its `ProviderURL`. */
  issuerOf(poolId: string): string;
}

/** Pools and clients of the templates, in memory: their ids are made of their names, so that each start gives the same. */
export function createPools(kernel: Kernel): Pools {
  const pools = new Map<string, Pool>();
  const clients = new Map<string, Client>();
  const issuerOf = (poolId: string): string => `${kernel.endpointUrl}/${poolId}`;
  return {
    put: (pool) => void pools.set(pool.id, pool),
    putClient: (client) => void clients.set(client.id, client),
    remove(id) {
      pools.delete(id);
      clients.delete(id);
    },
    get: (id) => pools.get(id),
    client: (id) => clients.get(id),
    defaultClient(poolId) {
      for (const client of clients.values()) if (poolId === undefined || client.poolId === poolId) return client;
      return undefined;
    },
    byIssuer(issuerUrl) {
      const pool = pools.get(issuerUrl.slice(issuerUrl.lastIndexOf('/') + 1));
      const urls = pool ? [issuerOf(pool.id), `https://cognito-idp.${kernel.region}.amazonaws.com/${pool.id}`] : [];
      return urls.includes(issuerUrl) ? pool : undefined;
    },
    issuerOf,
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html */
export function poolResourceTypes(kernel: Kernel, pools: Pools): ResourceType[] {
  const remove = async (physicalId: string): Promise<void> => pools.remove(physicalId);
  return [
    {
      type: 'AWS::Cognito::UserPool',
      async apply(request) {
        const id = `${kernel.region}_${generatedId(request, 9, ALPHABET)}`;
        const arn = `arn:aws:cognito-idp:${kernel.region}:${kernel.accountId}:userpool/${id}`;
        pools.put({ id, arn });
        const providerName = `cognito-idp.${kernel.region}.amazonaws.com/${id}`;
        return {
          physicalId: id,
          attributes: { Arn: arn, ProviderName: providerName, ProviderURL: pools.issuerOf(id), UserPoolId: id },
        };
      },
      remove,
    },
    {
      type: 'AWS::Cognito::UserPoolClient',
      async apply(request) {
        const { properties } = request;
        const poolId = String(properties['UserPoolId']);
        if (!pools.get(poolId)) throw new AwsError('ResourceNotFoundException', `User pool ${poolId} does not exist.`);
        const id = generatedId(request, 26, ALPHABET).toLowerCase();
        const flows = properties['ExplicitAuthFlows'];
        const name = String(properties['ClientName'] ?? request.logicalId);
        pools.putClient({
          id,
          poolId,
          name,
          flows: Array.isArray(flows) ? flows.map(String) : undefined,
          idTokenSeconds: validity(properties, 'Id'),
          accessTokenSeconds: validity(properties, 'Access'),
        });
        return { physicalId: id, attributes: { ClientId: id, Name: name } };
      },
      remove,
    },
    {
      // The hosted sign-in pages: nobody asks for them here, and templates that have them work without.
      type: 'AWS::Cognito::UserPoolDomain',
      apply: async ({ properties }) => ({ physicalId: String(properties['Domain']), attributes: { CloudFrontDistribution: 'localhost' } }),
      remove,
    },
  ];
}

/** How long a token is good, in seconds: hours unless the client says otherwise, one when it says nothing. */
function validity(properties: Readonly<Record<string, unknown>>, token: 'Id' | 'Access'): number {
  const value = Number(properties[`${token}TokenValidity`] ?? 0);
  if (!(value > 0)) return 3600;
  const units = properties['TokenValidityUnits'] as Readonly<Record<string, unknown>> | undefined;
  return value * (SECONDS.get(String(units?.[`${token}Token`] ?? 'hours')) ?? 3600);
}

const SECONDS = new Map([
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3600],
  ['days', 86_400],
]);
