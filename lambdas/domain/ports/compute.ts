import type { InstanceId } from "../../contracts/ids.ts";

export type InstanceState =
  | "pending"
  | "running"
  | "stopping"
  | "stopped"
  | "shutting-down"
  | "terminated";

/** An EC2 instance. */
export interface Instance {
  readonly id: InstanceId;
  readonly state: InstanceState;
  /** Its private DNS name, such as `ip-10-0-0-12.eu-central-1.compute.internal`; gone when ended. */
  readonly privateDnsName: string | null;
}

/** EC2. Methods throw a `PortError` of system `ec2` (`throttled`, `unavailable`, `denied`). */
export interface Compute {
  /** The instance, or undefined when EC2 does not know it (an hour after its end it forgets). */
  instance(id: InstanceId): Promise<Instance | undefined>;
}
