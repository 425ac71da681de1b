import type { Parameters, Resources, Value } from './cloudformation.ts';
import type { AccessWord, LarderSettings, SubscribeWord } from './words.ts';

/** What the plugin reads and writes of osls. Its own types describe a configuration file, not the running framework. */

export interface FunctionEvent {
  readonly subscribe?: SubscribeWord;
  readonly route?: string;
  readonly tableChange?: string;
  readonly streamRecords?: string;
  readonly bucketChange?: string;
  readonly wholeBus?: true;
  readonly httpApi?: object;
}

export interface FunctionConfig {
  handler?: string;
  /** Set by osls: `<service>-<stage>-<key>`. */
  name?: string;
  timeout?: number;
  reservedConcurrency?: number;
  role?: Value;
  events?: FunctionEvent[];
  access?: readonly AccessWord[];
  /** Packages that are not bundled, because they have native code. */
  native?: readonly string[];
  architecture?: string;
  environment?: Record<string, Value>;
  package?: { artifact?: string };
}

export interface ProviderConfig {
  name: string;
  timeout?: number;
  architecture?: string;
  environment?: Record<string, Value>;
  httpApi?: Record<string, unknown>;
  /** Set by osls while it packages. */
  compiledCloudFormationTemplate?: { Outputs?: Record<string, { Export?: Value }> };
  [setting: string]: unknown;
}

export interface Configuration {
  service: string;
  provider: ProviderConfig;
  plugins: readonly string[];
  package?: Record<string, unknown>;
  custom?: { larder?: LarderSettings; esbuild?: Record<string, unknown> } & Record<string, unknown>;
}

export interface Template {
  Resources?: Resources;
  Parameters?: Parameters;
}

export interface Osls {
  readonly serviceDir: string;
  /** `['deploy', 'function']` of `sls deploy function`. */
  readonly processedInput: { readonly commands: readonly string[] };
  /** `serverless.yml`, with its variables resolved. */
  readonly configurationInput: Configuration;
  readonly service: Configuration & { functions: Record<string, FunctionConfig>; resources?: Template };
  readonly configSchemaHandler: {
    defineFunctionEvent(provider: 'aws', name: string, schema: object): void;
    defineFunctionProperties(provider: 'aws', schema: object): void;
    defineCustomProperties(schema: object): void;
  };
  /** An error whose message is all that people see: no stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: 'aws'): { getStage(): string; getRegion(): string };
}
