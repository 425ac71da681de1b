/** A CloudFormation resource after all intrinsic functions have been evaluated. */
export interface ResourceRequest<Properties = Readonly<Record<string, unknown>>> {
  readonly logicalId: string;
  readonly properties: Properties;
  readonly stackName: string;
  /** The service that the stack belongs to: the first segment of its addresses on the gateway. */
  readonly service: string;
  /** The folder that `sls package` wrote: templates and archives. */
  readonly packageDirectory: string;
}

export interface CreatedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** How the laptop cloud makes one type of CloudFormation resource. */
export interface ResourceType {
  /** `AWS::SQS::Queue`. */
  readonly type: string;
  /**
   * Makes the resource, or brings an existing one of the same name up to date: called at every start, because state on disk
   * outlives the process, and again when the template has changed. Never loses data that the resource holds.
   */
  apply(request: ResourceRequest): Promise<CreatedResource>;
  /** Removes the resource, after it has left the template. */
  remove(physicalId: string): Promise<void>;
}
