/** Distributions and their policies, as templates describe them. */

/** Which of the names that a request has: of its headers, cookies or query parameters. Header names in lower case. */
export interface Names {
  readonly kind: 'none' | 'all' | 'only' | 'except';
  readonly names: ReadonlySet<string>;
}

/** What is part of the cache key, and how long answers are kept. Times in seconds. */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly headers: Names;
  readonly cookies: Names;
  readonly query: Names;
  /** Whether a normalised Accept-Encoding is part of the key. */
  readonly gzip: boolean;
  readonly brotli: boolean;
}

/** What reaches an origin besides the cache key. */
export interface OriginRequestPolicy {
  readonly headers: Names;
  readonly cookies: Names;
  readonly query: Names;
}

/** A header that is added to answers; one that the origin has sent stays, unless `override`. */
export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

export interface ResponseCors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge: number | undefined;
  readonly credentials: boolean;
  readonly override: boolean;
}

export interface ResponseHeadersPolicy {
  readonly removed: readonly string[];
  readonly added: readonly AddedHeader[];
  readonly cors: ResponseCors | undefined;
}

export interface Behaviour {
  readonly pathPattern: string;
  readonly originId: string;
  readonly allowedMethods: ReadonlySet<string>;
  readonly cachesOptions: boolean;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy: OriginRequestPolicy | undefined;
  readonly responseHeadersPolicy: ResponseHeadersPolicy | undefined;
  /** ARNs of CloudFront Functions. */
  readonly viewerRequest: string | undefined;
  readonly viewerResponse: string | undefined;
}

export type OriginTarget =
  /** Something of this cloud, at the gateway: its host there, and what stands before the path. */
  | { readonly kind: 'gateway'; readonly host: string; readonly prefix: string }
  | { readonly kind: 'bucket'; readonly bucket: string }
  | { readonly kind: 'web'; readonly protocol: 'http:' | 'https:'; readonly host: string; readonly port: number };

export interface Origin {
  readonly id: string;
  readonly domainName: string;
  readonly target: OriginTarget;
  /** Before the path of each request; empty or `/folder`. */
  readonly path: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whether an origin access control signs the requests. */
  readonly signs: () => boolean;
}

export interface CustomError {
  readonly code: number;
  readonly minTtl: number;
  readonly page: { readonly path: string; readonly status: number } | undefined;
}

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** The name that it answers to: `<name>.localhost`. */
  readonly name: string;
  readonly domainName: string;
  readonly service: string;
  readonly enabled: boolean;
  /** Without a slash. */
  readonly rootObject: string;
  readonly origins: ReadonlyMap<string, Origin>;
  /** In order; the last is the default, which matches everything. */
  readonly behaviours: readonly Behaviour[];
  readonly errors: ReadonlyMap<number, CustomError>;
}
