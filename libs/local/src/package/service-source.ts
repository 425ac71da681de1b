/** A service in source form: what a compose file, or a single `serverless.yml`, says of it. */
export interface ServiceSource {
  /** Its key in the compose file; the first segment of its addresses on the gateway. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** File name of the configuration, when it is not the one that the Serverless Framework finds by itself. */
  readonly config?: string | undefined;
  /** Names of services that a compose file puts before this one. */
  readonly dependsOn: readonly string[];
  /** Passed on as `--param name=value`. */
  readonly params: Readonly<Record<string, string>>;
}
