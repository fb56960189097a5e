/** A node, as a token is for it. */
export interface NodeIdentity {
  readonly NodeName: string;
  readonly Datacenter: string;
}

/** A service, as a token is for it. */
export interface ServiceIdentity {
  readonly ServiceName: string;
  /** @default all */
  readonly Datacenters?: readonly string[] | undefined;
}
