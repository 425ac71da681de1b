/** HTTP APIs as the resources of a template describe them. */

export interface Integration {
  readonly id: string;
  /** Name or ARN of a function. */
  readonly functionName: string;
  readonly payloadVersion: '1.0' | '2.0';
  readonly timeoutMs: number;
}

export type Authorizer =
  | {
      readonly kind: 'jwt';
      readonly id: string;
      readonly name: string;
      readonly identitySource: string;
      readonly issuer: string;
      readonly audience: readonly string[];
    }
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly name: string;
      readonly identitySources: readonly string[];
      readonly functionName: string;
      readonly payloadVersion: '1.0' | '2.0';
      /** True for `{isAuthorized}`, false for an IAM policy. */
      readonly simple: boolean;
      /** 0 does not remember answers. */
      readonly ttlSeconds: number;
    };

export interface Route {
  readonly id: string;
  /** `GET /orders/{orderId}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  /** `ANY` for every method; for `$default` too. */
  readonly method: string;
  readonly path: string;
  readonly segments: readonly Segment[];
  readonly authorization: 'NONE' | 'JWT' | 'AWS_IAM' | 'CUSTOM';
  readonly authorizerId: string | undefined;
  readonly scopes: readonly string[];
  readonly integrationId: string;
}

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string };

export interface Cors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge: number | undefined;
  readonly credentials: boolean;
}

export interface Throttle {
  /** Requests a second; undefined for no limit. */
  readonly rate: number | undefined;
  readonly burst: number | undefined;
}

export interface Stage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly standard: Throttle;
  readonly byRoute: ReadonlyMap<string, Throttle>;
}

export interface Api {
  readonly id: string;
  /** First segment of its addresses. */
  readonly service: string;
  cors: Cors | undefined;
  stage: Stage | undefined;
  readonly routes: Map<string, Route>;
  readonly integrations: Map<string, Integration>;
  readonly authorizers: Map<string, Authorizer>;
}
